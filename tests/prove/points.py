"""Acts killed at each fsync, write, rename and unlink, one after another.

The acts are a publication, an upload in parts and a message. The folder is a fresh copy for
each point. Afterwards the act is repeated, as by a second click.
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
POINTS_MAX = 300  # upper bound of the points of one call
ACTS = ["publish_once", "upload_once", "send_once"]
ONCE = {"done": 1, "whole": 1, "events": 1}


def prove(*, calls: list[str] = CALLS, every: int = 1, acts: list[str] = ACTS) -> str:
    """Prove each nth point, for `every` = n."""
    states: Counter[str] = Counter()
    faults: list[str] = []
    with portals() as make:
        target = CrashTarget(*make(1))
        for act, call in itertools.product(acts, calls):
            target.act = act
            for number in range(1, POINTS_MAX, every):
                point, copy = f"{target.act}, {call} {number}", target.copy()
                done = target.run_struck(copy, inject=f"{call}:signal=KILL:when={number}")
                if not done.is_struck:
                    break
                result = target.repeat(copy)
                states[describe(result["before"], done.is_acknowledged)] += 1
                faults += faults_after(point, result, done.is_acknowledged)
            else:
                faults.append(f"{target.act}, {call}: it never ran to its end")
            say(f"  points: {target.act}, {call}, {number - 1} points")
    failed("points", faults)
    if not states:
        failed("points", ["nothing was killed"])
    for state, times in states.most_common():
        say(f"  points: left {times} times: {state}")
    return (
        f"{sum(states.values())} points of {len(calls)} calls, {len(states)} states; "
        "each done once after it was repeated"
    )


class Outcome(NamedTuple):
    """End of an act.

    Whether the struck call occurred, whether the act was acknowledged, and the exit code.
    """

    is_struck: bool
    is_acknowledged: bool
    code: int


class CrashTarget:
    """A portal with one dossier and one party, copied for each point."""

    def __init__(self, portal: Portal, world: dict[str, Any]) -> None:
        if "DATABASE_URL" in portal.environment:
            raise AssertionError("SQLite only: calls of another database process cannot be struck")
        self.portal, self.count, self.act = portal, 0, ACTS[0]
        self.party = portal.python("-m", "tests.prove.party_id").stdout.strip()
        known = len(list((portal.data / "files").glob("??/??/*")))
        self.portal.environment |= {"PROVE_KNOWN": str(known), "PYTHONDONTWRITEBYTECODE": "1"}
        self.submission = str(uuid4())

    def copy(self) -> Portal:
        """Return a fresh copy of the portal; the previous one is deleted."""
        shutil.rmtree(self._folder(), ignore_errors=True)
        self.count += 1
        return copy_of(self.portal, self._folder())

    def run_struck(self, copy: Portal, *, inject: str) -> Outcome:
        """Run the act with strace striking one of its system calls."""
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
        command = [*strace, sys.executable, "-m", f"tests.prove.{self.act}", *self._arguments()]
        done = subprocess.run(
            command, cwd=ROOT, env=copy.environment, capture_output=True, text=True, check=False
        )
        is_struck = done.returncode == -signal.SIGKILL or "(INJECTED)" in seen.read_text(
            errors="replace"
        )
        return Outcome(is_struck, "acknowledged" in done.stdout, done.returncode)

    def repeat(self, copy: Portal) -> dict[str, Any]:
        """Repeat the act; return the states before and after that, and the defects."""
        result: dict[str, Any] = json.loads(
            copy.python(
                "-m", f"tests.prove.{self.act}", *self._arguments(), "again"
            ).stdout.splitlines()[-1]
        )
        return result

    def _arguments(self) -> list[str]:
        return [self.submission, self.party, "Akte van de proef"]

    def _folder(self) -> Path:
        return self.portal.data.parent / f"{self.portal.data.name}-at-{self.count}"


def faults_after(point: str, result: dict[str, Any], is_acknowledged: bool) -> list[str]:
    """Return the defects after a crash at `point`: lost, half, doubled or never cleaned up."""
    before, after = result["before"], result["after"]
    faults = [f"{point}: {fault}" for fault in result["faults"]]
    if is_acknowledged and before["whole"] != 1:
        faults.append(f"{point}: acknowledged and lost: {before}")
    if before["done"] != before["whole"] or before["done"] != before["events"]:
        faults.append(f"{point}: half done: {before}")
    if {name: after[name] for name in ONCE} != ONCE:
        faults.append(f"{point}: not once after the repeat: {after}")
    return faults


def describe(state: dict[str, int], is_acknowledged: bool) -> str:
    """Describe a state in words."""
    if state["done"]:
        return (
            "done and acknowledged"
            if is_acknowledged
            else "done, not acknowledged (the repeat returns the first result)"
        )
    if state.get("parts"):
        return "some parts, safe (the repeat resumes after them)"
    if state["files"]:
        return "received, not claimed (deleted after a day)"
    if state["blobs"]:
        return "bytes without a row (deleted after two days)"
    return "a draft (deleted after two days)" if state["drafts"] else "nothing"
