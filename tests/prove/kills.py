"""C1, C2, C4: kill -9 in the middle of posts: of the web process that serves one, of the worker, of the web, of everything.

Each client tries again what got no answer, with the same submission number. In the end every act was done once.
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

WEB_PROCESSES = 12  # so that one is old enough to be killed: the listener takes a process that dies young for a loop
YOUNG = 6.0  # seconds
LATEST = 0.15  # seconds into a post at which it is killed, at the latest; one that ended sooner lets its process live


def prove(*, kills: int = 1000, workers: int = WEB_PROCESSES, lane_count: int = 4) -> str:
    chance, victims = random.Random(kills), Counter[str]()
    with portals() as make:
        portal, world = make(lane_count)
        portal.start(workers=workers)
        diary = Diary(portal.data.parent / "diary")
        running = [Lane(number, portal.port, world, diary) for number in range(lane_count)]
        lanes.run(running)
        with Progress("kills", kills) as progress:
            killer = Killer(portal, running, chance)
            while sum(victims.values()) < kills and not any(lane.faults for lane in running):
                victims[killer.strike()] += 1
                progress.at(sum(victims.values()))
        portal.await_up()
        lanes.end(running)
        acts = diary.snapshot()
        faults = [fault for lane in running for fault in lane.faults]
        faults += [f"never answered: {act}" for act in acts if not act["told"]]
        faults += differences(acts, portal.facts())
        portal.kill()
        faults += portal.faults()
    failed("kills", faults)
    doubts = sum(act["doubts"] > 0 for act in acts)
    return (
        f"{sum(victims.values())} kills ({', '.join(f'{n} of {what}' for what, n in victims.most_common())}); "
        f"{counted(acts)}, {doubts} of them cut off at least once; 0 lost, 0 doubled, 0 half"
    )


class Killer:
    """Strikes when a post is under way, at the process that serves it; now and then at more."""

    def __init__(self, portal: Portal, running: list[Lane], chance: random.Random) -> None:
        self.portal, self.lanes, self.chance = portal, running, chance

    def strike(self) -> str:
        """One kill; returns of what. Afterwards the portal is up again, or starts by itself."""
        if not self.portal.is_running():
            self.portal.start(workers=WEB_PROCESSES)  # what the system's own service manager does
        kind = self.chance.random()
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
            self.portal.await_up()
            return "all web processes"
        if kind < 0.1:
            for pid in self.portal.processes()["jobs"]:
                kill(pid)
            return "the worker"
        kill(self._serving())
        return "the web process serving a post"

    def _serving(self) -> int:
        """The process that serves a lane's post at a random moment of it; it is not one that has just started."""
        while True:
            if not self.portal.is_running():
                self.portal.start(workers=WEB_PROCESSES)
            lane = self.chance.choice(self.lanes)
            port = lane.posting_from
            pid = _owner(self.portal, port) if port else 0
            if pid and _age(pid) > YOUNG:
                time.sleep(self.chance.uniform(0, LATEST))
                if lane.posting_from == port:
                    return pid
            time.sleep(0.001)

    def _wait_for_post(self) -> None:
        while not any(lane.posting_from for lane in self.lanes):
            time.sleep(0.001)
        time.sleep(self.chance.uniform(0, LATEST))


def _owner(portal: Portal, port: int) -> int:
    """The web process at the other end of a visitor's connection; 0 when there is none (any more)."""
    socket = _socket_between(portal.port, port)
    for pid in portal.processes()["workers"] if socket else []:
        with suppress(FileNotFoundError, ProcessLookupError):
            for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                with suppress(FileNotFoundError):
                    if str(descriptor.readlink()) == f"socket:[{socket}]":
                        return pid
    return 0


def _socket_between(local: int, remote: int) -> str:
    """The inode of the connection from the portal's port to a visitor's."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        pattern = rf"^ *\d+: \w+:{local:04X} \w+:{remote:04X} (?:\S+ +){{6}}(\d+)"
        if found := re.search(pattern, Path(table).read_text(), re.MULTILINE):
            return found[1]
    return ""


def _age(pid: int) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):
        started = int(
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
        ) / os.sysconf("SC_CLK_TCK")
        return float(Path("/proc/uptime").read_text().split()[0]) - started
    return 0.0
