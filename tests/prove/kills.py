"""kill -9 in the middle of posts.

The victims are a serving web process, the worker, all web processes, or everything. Clients
repeat unanswered acts under the same submission id. In the end every act is done once.
"""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from . import lanes
from .diary import Diary, counted, differences
from .lanes import Lane
from .portal import Portal, kill, portals
from .report import Progress, failed

# Enough that one is always old enough to kill: the listener takes a process that dies early for a
# crash loop.
WEB_PROCESSES = 12
YOUNG = 6.0  # seconds
LATEST = 0.15  # latest moment of a kill, in seconds into a post; a shorter post spares its process


def prove(*, kills: int = 1000, workers: int = WEB_PROCESSES, lane_count: int = 4) -> str:
    rng, victims = random.Random(kills), Counter[str]()
    with portals() as make:
        portal, world = make(lane_count)
        portal.start(workers=workers)
        diary = Diary(portal.data.parent / "diary")
        running = [Lane(number, portal.port, world, diary) for number in range(lane_count)]
        lanes.run(running)
        with Progress("kills", kills) as progress:
            killer = Killer(portal, running, rng)
            while sum(victims.values()) < kills and not any(lane.faults for lane in running):
                victims[killer.strike()] += 1
                progress.at(sum(victims.values()))
        portal.wait_until_up()
        lanes.end(running)
        acts = diary.snapshot()
        faults = [fault for lane in running for fault in lane.faults]
        faults += [f"never answered: {act}" for act in acts if not act["acknowledged"]]
        faults += differences(acts, portal.facts())
        portal.kill()
        faults += portal.self_check()
    failed("kills", faults)
    unanswered = sum(act["unanswered"] > 0 for act in acts)
    names = ", ".join(f"{times} of {victim}" for victim, times in victims.most_common())
    return (
        f"{sum(victims.values())} kills ({names}); "
        f"{counted(acts)}, {unanswered} of them cut off at least once; 0 lost, 0 doubled, 0 half"
    )


class Killer:
    """Kills the process that serves a post at that moment; now and then more processes."""

    def __init__(self, portal: Portal, running: list[Lane], rng: random.Random) -> None:
        self.portal, self.lanes, self.rng = portal, running, rng

    def strike(self) -> str:
        """Kill once and return the name of the victim.

        Afterwards the portal is up again, or restarts by itself.
        """
        if not self.portal.is_running():
            self.portal.start(workers=WEB_PROCESSES)  # as the service manager of the system does
        kind = self.rng.random()
        if kind < 0.02:
            self._wait_for_post()
            self.portal.kill()
            self.portal.start(workers=WEB_PROCESSES)
            return "everything"
        if kind < 0.04:
            self._wait_for_post()
            [listener] = self.portal.processes()["web"]
            with suppress(ProcessLookupError):
                os.killpg(listener, signal.SIGKILL)
            self.portal.wait_until_up()
            return "all web processes"
        if kind < 0.1:
            for pid in self.portal.processes()["jobs"]:
                kill(pid)
            return "the worker"
        kill(self._serving())
        return "the web process serving a post"

    def _serving(self) -> int:
        """Return the pid that serves a random post of a lane, except processes just started."""
        while True:
            if not self.portal.is_running():
                self.portal.start(workers=WEB_PROCESSES)
            lane = self.rng.choice(self.lanes)
            port = lane.posting_from
            pid = _owner(self.portal, port) if port else 0
            if pid and _age(pid) > YOUNG:
                time.sleep(self.rng.uniform(0, LATEST))
                if lane.posting_from == port:
                    return pid
            time.sleep(0.001)

    def _wait_for_post(self) -> None:
        while not any(lane.posting_from for lane in self.lanes):
            time.sleep(0.001)
        time.sleep(self.rng.uniform(0, LATEST))


def _owner(portal: Portal, port: int) -> int:
    """Return the pid of the web process at the other end of a visitor's connection, or 0."""
    socket = _socket_between(portal.port, port)
    for pid in portal.processes()["workers"] if socket else []:
        with suppress(FileNotFoundError, ProcessLookupError):
            for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                with suppress(FileNotFoundError):
                    if str(descriptor.readlink()) == f"socket:[{socket}]":
                        return pid
    return 0


def _socket_between(local: int, remote: int) -> str:
    """Return the inode of the connection from the portal's port to a visitor's, or ""."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        pattern = rf"^ *\d+: \w+:{local:04X} \w+:{remote:04X} (?:\S+ +){{6}}(\d+)"
        if match := re.search(pattern, Path(table).read_text(), re.MULTILINE):
            return match[1]
    return ""


def _age(pid: int) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):
        started = int(
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
        ) / os.sysconf("SC_CLK_TCK")
        return float(Path("/proc/uptime").read_text().split()[0]) - started
    return 0.0
