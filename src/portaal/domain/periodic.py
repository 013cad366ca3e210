"""Hourly and daily work of the rooms.

A room decorates a function in its `tasks.py` with `hourly` or `daily`; `jobs` finds and runs it.
The decorators are below all rooms, so that rooms beside `jobs` can use them too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from time import sleep

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

DAILY_AT = time(3)  # in the time zone of the settings: nobody is at work
PRUNE_BATCH = 500
PRUNE_PAUSE = 0.1  # seconds: a writer that waits for SQLite looks ten times a second

Function = Callable[[], None]


@dataclass(frozen=True)
class PeriodicWork:
    """A function without arguments that runs every hour or every day."""

    function: Function
    is_daily: bool

    def due_since(self, now: datetime) -> datetime:
        """Return the moment before which its last run must be for it to be due now."""
        if not self.is_daily:
            return now - timedelta(hours=1)
        local = timezone.localtime(now)
        today = local.replace(hour=DAILY_AT.hour, minute=0, second=0, microsecond=0)
        return today if today <= local else today - timedelta(days=1)


WORK: dict[str, PeriodicWork] = {}


def hourly(function: Function) -> Function:
    """Register work that runs an hour after its last run."""
    return _register(function, is_daily=False)


def daily(function: Function) -> Function:
    """Register work that runs once after each DAILY_AT."""
    return _register(function, is_daily=True)


def _register(function: Function, *, is_daily: bool) -> Function:
    name = f"{function.__module__}.{function.__qualname__}"
    WORK[name] = PeriodicWork(function, is_daily)
    return function


def prune(rows: QuerySet[Model]) -> int:
    """Delete rows in batches and return their number.

    Each batch is a transaction of its own, so that a large table is neither held in memory nor
    locked for long. An index should find the rows, because each batch looks for them again.
    """
    deleted = 0
    while number := _delete_batch(rows):
        deleted += number
        sleep(PRUNE_PAUSE)
    return deleted


@transaction.atomic
def _delete_batch(rows: QuerySet[Model]) -> int:
    keys = list(rows.select_for_update().values_list("pk", flat=True)[:PRUNE_BATCH])
    # By key alone: SQLite would look through every row of the conditions instead.
    QuerySet(rows.model).filter(pk__in=keys).delete()
    return len(keys)
