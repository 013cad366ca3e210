"""C10: something else holds the database for a while. Who asks waits, then hears so (503) and may ask again; nothing is lost."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from . import lanes
from .diary import Diary, differences
from .lanes import Lane
from .portal import Portal, portals
from .postman import until
from .report import failed

WAITS = 20  # seconds that a page waits for the database at most (settings.py)


def prove(*, seconds: float = 30, lane_count: int = 4) -> str:
    with portals() as make:
        portal, world = make(lane_count)
        portal.start()
        diary = Diary(portal.data.parent / "diary")
        running = [Lane(number, portal.port, world, diary) for number in range(lane_count)]
        lanes.run(running)
        until(lambda: all(lane.published for lane in running), "every lane is at work")
        with locked(portal):
            before = len(diary.snapshot())
            time.sleep(seconds)
            asked = len(diary.snapshot()) - before
        told = sum(act["told"] for act in diary.snapshot())
        until(
            lambda: sum(act["told"] for act in diary.snapshot()) > told + lane_count,
            "the lanes go on",
        )
        lanes.end(running)
        acts, answers = diary.snapshot(), sum((lane.answers for lane in running), Counter[int]())
        faults = [fault for lane in running for fault in lane.faults]
        faults += [f"never answered: {act}" for act in acts if not act["told"]]
        if (seconds > WAITS) != (answers[503] > 0):
            faults.append(f"{answers[503]} pages said that the portal is busy")
        if asked > lane_count:
            faults.append(f"{asked} acts were done in a database that was locked")
        faults += differences(acts, portal.facts())
        portal.kill()
        faults += portal.faults()
        if faults:
            faults.append(portal.log()[-6000:])
    failed("locked", faults)
    return f"locked for {seconds:.0f} s: {answers[503]} times 'busy, try again'; {len(acts)} acts, 0 lost, 0 doubled, 0 half"


@contextmanager
def locked(portal: Portal) -> Iterator[None]:
    """Holds the whole database (SQLite) or the journal that every act writes to (PostgreSQL)."""
    url = portal.environment.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        import psycopg

        with psycopg.connect(url) as connection:
            connection.execute("LOCK TABLE journal_head IN ACCESS EXCLUSIVE MODE")
            yield
            connection.rollback()
        return
    connection = sqlite3.connect(portal.data / "portaal.sqlite3", timeout=60, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        connection.rollback()
        connection.close()
