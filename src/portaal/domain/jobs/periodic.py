"""Runs of hourly and daily work, each once although several workers run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db.models.functions import Now

from portaal.domain.periodic import WORK

from .models import PeriodicRun

log = logging.getLogger("portaal.jobs")


def run_due(is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Run the work that is due, until `is_stopping` is true. Return the number that ran."""
    PeriodicRun.objects.bulk_create(
        [PeriodicRun(work=name) for name in WORK], ignore_conflicts=True
    )
    ran = 0
    for run in PeriodicRun.objects.filter(work__in=WORK).annotate(now=Now()).order_by("work"):
        if is_stopping():
            break
        if claim(run.work, run.now):
            _run(run.work)
            ran += 1
    return ran


def claim(name: str, now: datetime) -> bool:
    """Note that this work runs now. Return False if it is not due or was claimed already.

    A worker that dies later leaves the rest of the work to the next run.
    """
    runs = PeriodicRun.objects.filter(work=name)
    due = runs.exclude(last_run_at__gte=WORK[name].due_since(now))
    return bool(due.update(last_run_at=Now()))


def _run(name: str) -> None:
    try:
        WORK[name].function()
    except Exception:
        log.exception("%s failed; it runs again at its next time", name)
