"""C7: the disk fails (EIO) or is full (ENOSPC) at the nth fsync, rename or write of a publication; then under the real server.

Nothing that failed is acknowledged or half there, and the same asked again is done once.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from .diary import Diary, differences
from .lanes import Lane
from .points import MOST, Office, wrong
from .portal import Portal, portals
from .report import failed, say

CALLS = ["fsync", "rename", "mkdir", "write", "pwrite64"]
ERRORS = ["EIO", "ENOSPC"]
SERVED = ["fsync", "rename", "pwrite64"]  # a failing `write` would be the answer's own


def prove(
    *,
    calls: list[str] = CALLS,
    errors: list[str] = ERRORS,
    served: list[str] = SERVED,
    every: int = 1,
) -> str:
    counts: Counter[str] = Counter()
    with portals() as make:
        faults: list[str] = []
        if calls:
            office = Office(*make(1))
            faults = [
                fault
                for call in calls
                for error in errors
                for fault in _sweep(office, call, error, every, counts)
            ]
        faults += _serve(*make(1), served, errors, counts)
    failed("io_errors", faults)
    if calls and not counts["refused"]:
        failed("io_errors", ["nothing was refused"])
    return (
        ", ".join(f"{number} {what}" for what, number in counts.items())
        + "; each once after the same was asked again"
    )


def _sweep(office: Office, call: str, error: str, every: int, counts: Counter[str]) -> list[str]:
    """The publication of points.py, with one call of it failing instead of killing."""
    faults: list[str] = []
    for number in range(1, MOST, every):
        point, twin = f"{call} {number} {error}", office.twin()
        done = office.once(twin, inject=f"{call}:error={error}:when={number}")
        if not done.is_struck:
            break
        if not done.is_told and done.code == 0:
            faults.append(f"{point}: it failed in silence")
        faults += wrong(point, office.again(twin), done.is_told)
        counts["acknowledged (the call did not matter)" if done.is_told else "refused"] += 1
    say(f"  io_errors: {call} {error}, {number - 1} points")
    return faults


def _serve(
    portal: Portal, world: dict[str, Any], calls: list[str], errors: list[str], counts: Counter[str]
) -> list[str]:
    """A handler publishes while every such call of the web process fails: an error page in the portal's look, and no more."""
    portal.start(workers=1)
    diary = Diary(portal.data.parent / "diary")
    lane = Lane(0, portal.port, world, diary)
    lane.enter()
    lane.open_dossier()
    lane.publish()
    [pid] = portal.processes()["workers"]
    faults = []
    for call in calls:
        for error in errors:
            with struck(pid, f"{call}:error={error}"):
                answer = lane.office.post(
                    f"/kantoor/dossiers/{lane.dossier}/", *lane.form(f"Stuk {uuid4()}")
                )
            if (
                answer.status not in (500, 503)
                or "<h1>" not in answer.text
                or "Lindehof" not in answer.text
            ):
                faults.append(
                    f"{call} {error}: the handler saw {answer.status} {answer.text[:300]}"
                )
            counts["pages that say so"] += 1
            lane.publish()  # and it works again
    portal.kill()
    return faults + lane.faults + differences(diary.snapshot(), portal.facts()) + portal.faults()


@contextmanager
def struck(pid: int, inject: str) -> Iterator[None]:
    """As long as it lasts, every such call of this process fails."""
    call = inject.partition(":")[0]
    command = [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        f"trace={call}",
        "-e",
        f"inject={inject}",
        "-p",
        str(pid),
    ]
    with subprocess.Popen(command) as strace:
        try:
            while not all(_is_traced(task) for task in Path(f"/proc/{pid}/task").iterdir()):
                if strace.poll() is not None:
                    raise AssertionError("strace cannot watch the web process")
                time.sleep(0.01)
            yield
        finally:
            strace.send_signal(signal.SIGINT)
            strace.wait(10)


def _is_traced(task: Path) -> bool:
    return "TracerPid:\t0\n" not in (task / "status").read_text()
