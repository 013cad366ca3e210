"""C5: power cuts. The data lies on a file system in an image; at a cut the image is copied as it is at that instant, so that what
was not flushed is not in the copy, and the copy is mounted and looked through.

kill -9 cannot show this: what a process wrote and did not flush survives the process. Needs to be root, to mount.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import lanes
from .diary import Act, Diary, counted, differences
from .lanes import Lane
from .portal import Portal, kill, portals
from .report import Progress, Skipped, failed, say

SIZE = "512M"
CARELESS = "tests.prove.careless"


def prove(*, cuts: int = 20, control: int = 3) -> str:
    """`control` cuts of a portal that does not flush must lose something: else the cuts cut nothing."""
    if reason := why_not():
        raise Skipped(reason)
    acts, faults = cut(cuts)
    failed("power", faults)
    lost = cut(control, settings=CARELESS)[1] if control else ["not tried"]
    if not lost:
        failed("power", ["a portal that flushes nothing lost nothing: these are no power cuts"])
    say(
        f"  power: control, a portal that flushes nothing: {len(lost)} faults in {control} cuts, such as {lost[0]!r}"
    )
    return f"{cuts} cuts, {counted(acts)} before one; 0 lost, 0 half, every database whole"


def why_not() -> str:
    """Why power cuts cannot be tried here; '' when they can."""
    if missing := [
        name
        for name in ("mkfs.ext4", "mount")
        if not shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin")
    ]:
        return f"{missing[0]} is not here"
    with tempfile.TemporaryDirectory(prefix="portaal-prove-") as folder:
        try:
            with disk(Path(folder) / "image", Path(folder) / "disk", size="16M"):
                return ""
        except subprocess.CalledProcessError as fault:
            return f"this machine may not mount an image: {fault.stderr.decode().strip()}"


def cut(cuts: int, *, settings: str = "portaal.settings") -> tuple[list[Act], list[str]]:
    """Cuts the power of one portal so many times, while it goes on; (acts asked before the last cut, faults found after one)."""
    chance, acts, faults = random.Random(cuts), list[Act](), list[str]()
    with tempfile.TemporaryDirectory(prefix="portaal-prove-") as name, portals() as make:
        folder = Path(name)
        with disk(folder / "image", folder / "disk", size=SIZE):
            portal, world = make(3, data=folder / "disk" / "data", settings=settings)
            os.sync()  # the office as it was before the day began is no part of the trial
            portal.start()
            try:
                diary = Diary(folder / "diary")
                running = [Lane(number, portal.port, world, diary) for number in range(3)]
                lanes.run(running)
                with Progress("power", cuts) as progress:
                    for number in range(1, cuts + 1):
                        time.sleep(chance.uniform(0.5, 2.5))
                        acts = _copy(portal, diary, folder)
                        faults += [
                            f"cut {number}: {fault}" for fault in _look(portal, folder, acts)
                        ]
                        progress.at(number)
                lanes.end(running)
                faults += [fault for lane in running for fault in lane.faults]
            finally:
                portal.kill()
    return acts, faults


def _copy(portal: Portal, diary: Diary, folder: Path) -> list[dict[str, Any]]:
    """The image at one instant, and what had been asked and acknowledged by then."""
    pids = [pid for part in portal.processes().values() for pid in part]
    for pid in pids:
        kill(pid, signal.SIGSTOP)
    acts = diary.snapshot()  # whoever stands still tells nobody anything
    try:
        subprocess.run(
            ["cp", "--sparse=always", str(folder / "image"), str(folder / "after")], check=True
        )
    finally:
        for pid in pids:
            kill(pid, signal.SIGCONT)
    return acts


def _look(portal: Portal, folder: Path, acts: list[dict[str, Any]]) -> list[str]:
    """Mounts the copy, as after the power is back, and holds what is in it against the diary."""
    with mounted(folder / "after", folder / "found"):
        found = Portal(folder / "found" / "data")
        found.environment = {**portal.environment, "PORTAAL_DATA_DIR": str(found.data)}
        try:
            return [*differences(acts, found.facts()), *found.faults()]
        except AssertionError as fault:
            return [str(fault).strip().splitlines()[-1]]


@contextmanager
def disk(image: Path, where: Path, *, size: str) -> Iterator[None]:
    """A fresh ext4 in `image`, mounted at `where`."""
    with image.open("wb") as file:
        file.truncate(int(size.removesuffix("M")) * 1024 * 1024)
    _run("mkfs.ext4", "-q", "-F", str(image))
    with mounted(image, where):
        yield


@contextmanager
def mounted(image: Path, where: Path) -> Iterator[None]:
    where.mkdir(exist_ok=True)
    _run("mount", "-o", "loop", str(image), str(where))
    try:
        yield
    finally:
        _unmount(where)


def _unmount(where: Path) -> None:
    """A process that was killed may hold its files for a moment longer."""
    for wait in (0.1, 0.3, 1, 3, 0):
        try:
            _run("umount", str(where))
            return
        except subprocess.CalledProcessError:
            if not wait:
                raise
            time.sleep(wait)


def _run(*command: str) -> None:
    environment = {"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"}
    subprocess.run(command, check=True, capture_output=True, env=environment)
