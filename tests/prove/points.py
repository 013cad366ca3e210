"""C6: one publication, one file by pieces and one message, killed at its first fsync, its second, and on; likewise at each write,
rename and unlink.

Before each point the folder is as it was; after it the same is asked again, as a person's second click does.
"""

from __future__ import annotations

import itertools
import json
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from .portal import ROOT, Portal, copy_of, portals
from .report import failed, say

CALLS = ["fsync", "fdatasync", "rename", "mkdir", "unlink", "ftruncate", "pwrite64", "write"]
MOST = 300  # points of one call; a publication has fewer
ACTS = ["publish_once", "upload_once", "send_once"]
ONCE = {"done": 1, "whole": 1, "events": 1}


def prove(*, calls: list[str] = CALLS, every: int = 1, acts: list[str] = ACTS) -> str:
    """`every` looks at each nth point only."""
    states: Counter[str] = Counter()
    faults: list[str] = []
    with portals() as make:
        office = Office(*make(1))
        for act, call in itertools.product(acts, calls):
            office.act = act
            for number in range(1, MOST, every):
                point, twin = f"{office.act}, {call} {number}", office.twin()
                done = office.once(twin, inject=f"{call}:signal=KILL:when={number}")
                if not done.is_struck:
                    break
                said = office.again(twin)
                states[name_of(said["before"], done.is_told)] += 1
                faults += wrong(point, said, done.is_told)
            else:
                faults.append(f"{office.act}, {call}: it never came through")
            say(f"  points: {office.act}, {call}, {number - 1} points")
    failed("points", faults)
    if not states:
        failed("points", ["nothing was killed"])
    for state, times in states.most_common():
        say(f"  points: left {times} times: {state}")
    return f"{sum(states.values())} points of {len(calls)} calls, {len(states)} states; each once after the same was asked again"


class Outcome(NamedTuple):
    """How an act ended: whether the call that was meant came at all, what the caller was told, the exit code."""

    is_struck: bool
    is_told: bool
    code: int


class Office:
    """A portal with one dossier and one party, to be copied for every point."""

    def __init__(self, portal: Portal, world: dict[str, Any]) -> None:
        if "DATABASE_URL" in portal.environment:
            raise AssertionError(
                "a database of another process cannot be killed at a call of ours: SQLite only"
            )
        self.portal, self.count, self.act = portal, 0, ACTS[0]
        self.party = portal.python("-m", "tests.prove.one_party").stdout.strip()
        known = len(list((portal.data / "files").glob("??/??/*")))
        self.portal.environment |= {"PROVE_KNOWN": str(known), "PYTHONDONTWRITEBYTECODE": "1"}
        self.submission = str(uuid4())

    def twin(self) -> Portal:
        """A fresh copy; the one before it goes."""
        shutil.rmtree(self._folder(), ignore_errors=True)
        self.count += 1
        return copy_of(self.portal, self._folder())

    def once(self, twin: Portal, *, inject: str) -> Outcome:
        """The act, with one system call of it struck."""
        seen, watched = self.portal.data.parent / "strace", inject.partition(":")[0]
        strace = [
            "strace",
            "-f",
            "-qq",
            "-o",
            str(seen),
            "-e",
            f"trace={watched}",
            "-e",
            f"inject={inject}",
        ]
        command = [*strace, sys.executable, "-m", f"tests.prove.{self.act}", *self._words()]
        done = subprocess.run(
            command, cwd=ROOT, env=twin.environment, capture_output=True, text=True, check=False
        )
        is_struck = done.returncode == -signal.SIGKILL or "(INJECTED)" in seen.read_text(
            errors="replace"
        )
        return Outcome(is_struck, "acknowledged" in done.stdout, done.returncode)

    def again(self, twin: Portal) -> dict[str, Any]:
        """How things stood, and stand after the same was asked once more."""
        said: dict[str, Any] = json.loads(
            twin.python(
                "-m", f"tests.prove.{self.act}", *self._words(), "again"
            ).stdout.splitlines()[-1]
        )
        return said

    def _words(self) -> list[str]:
        return [self.submission, self.party, "Akte van de proef"]

    def _folder(self) -> Path:
        return self.portal.data.parent / f"{self.portal.data.name}-at-{self.count}"


def wrong(point: str, said: dict[str, Any], is_told: bool) -> list[str]:
    """What may not be after a crash at `point`: lost, half, doubled, or never tidied up."""
    before, after = said["before"], said["after"]
    found = [f"{point}: {fault}" for fault in said["faults"]]
    if is_told and before["whole"] != 1:
        found.append(f"{point}: acknowledged and lost: {before}")
    if before["done"] != before["whole"] or before["done"] != before["events"]:
        found.append(f"{point}: half of it is there: {before}")
    if {name: after[name] for name in ONCE} != ONCE:
        found.append(f"{point}: not once after the second time: {after}")
    return found


def name_of(state: dict[str, int], is_told: bool) -> str:
    """A state in words."""
    if state["done"]:
        return (
            "done and acknowledged"
            if is_told
            else "done, not acknowledged (the second time gives the first result)"
        )
    if state.get("pieces"):
        return "some pieces, safe (the second time goes on with them)"
    if state["files"]:
        return "received, not in use (goes after a day)"
    if state["blobs"]:
        return "bytes that no row names (go after two days)"
    return "a draft (goes after two days)" if state["drafts"] else "nothing"
