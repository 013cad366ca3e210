"""Power cuts: the image of the file system is copied at one instant and inspected.

The copy lacks everything that was not flushed. kill -9 cannot show this, as the system keeps the
unflushed writes of a dead process. Needs root, to mount.
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
NO_FSYNC = "tests.prove.no_fsync"


def prove(*, cuts: int = 20, control: int = 3) -> str:
    """Cut the power `cuts` times, then `control` times for a portal that does not flush.

    The control must lose something: otherwise the cuts prove nothing.
    """
    if reason := unavailable_reason():
        raise Skipped(reason)
    acts, faults = cut(cuts)
    failed("power", faults)
    lost = cut(control, settings=NO_FSYNC)[1] if control else ["not tried"]
    if not lost:
        failed("power", ["a portal that flushes nothing lost nothing: these are no power cuts"])
    say(
        f"  power: control, a portal that flushes nothing: {len(lost)} faults in {control} cuts, "
        f"such as {lost[0]!r}"
    )
    return f"{cuts} cuts, {counted(acts)} before one; 0 lost, 0 half, every database intact"


def unavailable_reason() -> str:
    """Return why power cuts cannot be proved here; "" when they can."""
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
        except subprocess.CalledProcessError as error:
            return f"this machine may not mount an image: {error.stderr.decode().strip()}"


def cut(cuts: int, *, settings: str = "portaal.settings") -> tuple[list[Act], list[str]]:
    """Cut the power of one running portal `cuts` times.

    Returns the acts requested before the last cut, and the defects found after any cut.
    """
    rng, acts, faults = random.Random(cuts), list[Act](), list[str]()
    with tempfile.TemporaryDirectory(prefix="portaal-prove-") as name, portals() as make:
        folder = Path(name)
        with disk(folder / "image", folder / "disk", size=SIZE):
            portal, world = make(3, data=folder / "disk" / "data", settings=settings)
            os.sync()  # the state before the proof starts is flushed
            portal.start()
            try:
                diary = Diary(folder / "diary")
                running = [Lane(number, portal.port, world, diary) for number in range(3)]
                lanes.run(running)
                with Progress("power", cuts) as progress:
                    for number in range(1, cuts + 1):
                        time.sleep(rng.uniform(0.5, 2.5))
                        acts = _copy(portal, diary, folder)
                        faults += [
                            f"cut {number}: {fault}" for fault in _inspect(portal, folder, acts)
                        ]
                        progress.at(number)
                lanes.end(running)
                faults += [fault for lane in running for fault in lane.faults]
            finally:
                portal.kill()
    return acts, faults


def _copy(portal: Portal, diary: Diary, folder: Path) -> list[dict[str, Any]]:
    """Copy the image at one instant; return the acts requested and acknowledged by then."""
    pids = [pid for part in portal.processes().values() for pid in part]
    for pid in pids:
        kill(pid, signal.SIGSTOP)
    acts = diary.snapshot()  # stopped processes acknowledge nothing more
    try:
        subprocess.run(
            ["cp", "--sparse=always", str(folder / "image"), str(folder / "after")], check=True
        )
    finally:
        for pid in pids:
            kill(pid, signal.SIGCONT)
    return acts


def _inspect(portal: Portal, folder: Path, acts: list[dict[str, Any]]) -> list[str]:
    """Mount the copy, as after the power cut, and compare it with the diary."""
    with mounted(folder / "after", folder / "found"):
        restored = Portal(folder / "found" / "data")
        restored.environment = {**portal.environment, "PORTAAL_DATA_DIR": str(restored.data)}
        try:
            return [*differences(acts, restored.facts()), *restored.self_check()]
        except AssertionError as error:
            return [str(error).strip().splitlines()[-1]]


@contextmanager
def disk(image: Path, where: Path, *, size: str) -> Iterator[None]:
    """Create an ext4 file system in `image` and mount it at `where`."""
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
    """Unmount, with retries: a killed process may hold its files for a moment."""
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
