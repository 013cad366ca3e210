"""Another process holds the database for a while.

Requests wait, then answer 503 and may be repeated; nothing is lost.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from . import lanes
from .diary import Diary, differences
from .lanes import Lane
from .mail_server import until
from .portal import Portal, portals
from .report import failed

BUSY_AFTER = 20  # seconds, the longest wait of a page for the database (settings.py)


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
            acts_while_locked = len(diary.snapshot()) - before
        acknowledged = sum(act["acknowledged"] for act in diary.snapshot())
        until(
            lambda: (
                sum(act["acknowledged"] for act in diary.snapshot()) > acknowledged + lane_count
            ),
            "the lanes go on",
        )
        lanes.end(running)
        acts, answers = diary.snapshot(), sum((lane.answers for lane in running), Counter[int]())
        faults = [fault for lane in running for fault in lane.faults]
        faults += [f"never answered: {act}" for act in acts if not act["acknowledged"]]
        if (seconds > BUSY_AFTER) != (answers[503] > 0):
            faults.append(f"{answers[503]} pages said that the portal is busy")
        if acts_while_locked > lane_count:
            faults.append(f"{acts_while_locked} acts were done in a database that was locked")
        faults += differences(acts, portal.facts())
        portal.kill()
        faults += portal.self_check()
        if faults:
            faults.append(portal.log()[-6000:])
    failed("locked", faults)
    return (
        f"locked for {seconds:.0f} s: {answers[503]} times 'busy, try again'; "
        f"{len(acts)} acts, 0 lost, 0 doubled, 0 half"
    )


@contextmanager
def locked(portal: Portal) -> Iterator[None]:
    """Lock the whole SQLite database, or on PostgreSQL the table that every act writes to."""
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
