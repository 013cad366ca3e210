"""The disk fails (EIO) or is full (ENOSPC) at one system call of a publication.

That is the nth fsync, rename or write, for each n; then all of them, under the real server. A
failed act is not acknowledged and not half done; repeated, it is done once.
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
from .points import POINTS_MAX, CrashTarget, faults_after
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
            target = CrashTarget(*make(1))
            faults = [
                fault
                for call in calls
                for error in errors
                for fault in _sweep(target, call, error, every, counts)
            ]
        faults += _serve(*make(1), served, errors, counts)
    failed("io_errors", faults)
    if calls and not counts["refused"]:
        failed("io_errors", ["nothing was refused"])
    return (
        ", ".join(f"{number} {what}" for what, number in counts.items())
        + "; each done once after it was repeated"
    )


def _sweep(
    target: CrashTarget, call: str, error: str, every: int, counts: Counter[str]
) -> list[str]:
    """Publish as in points.py, with one system call failing instead of killing the process."""
    faults: list[str] = []
    for number in range(1, POINTS_MAX, every):
        point, copy = f"{call} {number} {error}", target.copy()
        done = target.run_struck(copy, inject=f"{call}:error={error}:when={number}")
        if not done.is_struck:
            break
        if not done.is_acknowledged and done.code == 0:
            faults.append(f"{point}: it failed without an error")
        faults += faults_after(point, target.repeat(copy), done.is_acknowledged)
        counts["acknowledged (the call did not matter)" if done.is_acknowledged else "refused"] += 1
    say(f"  io_errors: {call} {error}, {number - 1} points")
    return faults


def _serve(
    portal: Portal, world: dict[str, Any], calls: list[str], errors: list[str], counts: Counter[str]
) -> list[str]:
    """Publish as a handler while every such call of the web process fails.

    The handler must see an error page in the portal's style.
    """
    portal.start(workers=1)
    diary = Diary(portal.data.parent / "diary")
    lane = Lane(0, portal.port, world, diary)
    lane.log_in()
    lane.open_dossier()
    lane.publish()
    [pid] = portal.processes()["workers"]
    faults = []
    for call in calls:
        for error in errors:
            with struck(pid, f"{call}:error={error}"):
                answer = lane.office.post(
                    f"/kantoor/dossiers/{lane.dossier}/", *lane.publication_form(f"Stuk {uuid4()}")
                )
            if (
                answer.status not in (400, 500, 503)
                or "<h1>" not in answer.text
                or "Lindehof" not in answer.text
            ):
                faults.append(
                    f"{call} {error}: the handler saw {answer.status} {answer.text[:300]}"
                )
            counts["error pages"] += 1
            lane.publish()  # must work again
    portal.kill()
    return (
        faults + lane.faults + differences(diary.snapshot(), portal.facts()) + portal.self_check()
    )


@contextmanager
def struck(pid: int, inject: str) -> Iterator[None]:
    """Make every such system call of a process fail while the context lasts."""
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
