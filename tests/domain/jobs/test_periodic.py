"""Hourly and daily work runs in time, once although several workers run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from tests.clock import travel
from tests.domain.together import at_once

from portaal.domain.jobs.models import PeriodicRun
from portaal.domain.jobs.periodic import claim, run_due
from portaal.domain.periodic import WORK, daily, hourly

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
RAN: list[str] = []


def sweep() -> None:
    RAN.append("sweep")


def fail() -> None:
    raise OSError("the disk is full")


@pytest.fixture(autouse=True)
def _no_other_work() -> Iterator[None]:
    """Leave the registry to the test."""
    registered = dict(WORK)
    WORK.clear()
    RAN.clear()
    yield
    WORK.clear()
    WORK.update(registered)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with travel("2026-11-23T09:00:00+01:00", tick=False) as travelled:
        yield travelled


def ran_at(clock: time_machine.Traveller, *moments: str) -> list[str]:
    """Return the moments at which work ran, of these at which a worker looked."""
    ran = []
    for moment in moments:
        clock.move_to(datetime.fromisoformat(moment))
        ran += [moment] if run_due() else []
    return ran


def test_hourly_work_runs_again_after_an_hour(db: None, clock: time_machine.Traveller) -> None:
    hourly(sweep)
    run_due()
    clock.shift(HOUR)
    run_due()
    assert RAN == ["sweep"]
    clock.shift(SECOND)
    run_due()
    assert RAN == ["sweep", "sweep"]


def test_restarted_worker_does_not_run_hourly_work_sooner(db: None) -> None:
    hourly(sweep)
    assert run_due() == 1
    assert run_due() == 0


def test_daily_work_runs_after_three_in_the_night(db: None, clock: time_machine.Traveller) -> None:
    daily(sweep)
    assert ran_at(
        clock,
        "2026-11-23T09:00+01:00",
        "2026-11-23T23:59+01:00",
        "2026-11-24T02:59+01:00",
        "2026-11-24T03:00+01:00",
        "2026-11-24T03:01+01:00",
        "2026-11-25T02:59+01:00",
        "2026-11-25T03:30+01:00",
    ) == ["2026-11-23T09:00+01:00", "2026-11-24T03:00+01:00", "2026-11-25T03:30+01:00"]


def test_daily_work_runs_once_on_the_nights_that_change_the_clock(
    db: None, clock: time_machine.Traveller
) -> None:
    daily(sweep)
    spring = ["2027-03-27T12:00+01:00", "2027-03-28T01:59+01:00", "2027-03-28T03:00+02:00"]
    autumn = ["2027-10-30T12:00+02:00", "2027-10-31T02:30+02:00", "2027-10-31T02:30+01:00"]
    assert ran_at(clock, *spring) == [spring[0], spring[2]]
    assert ran_at(clock, *autumn, "2027-10-31T03:00+01:00") == [
        autumn[0],
        "2027-10-31T03:00+01:00",
    ]


def test_daily_work_missed_in_the_night_runs_in_the_day(
    db: None, clock: time_machine.Traveller
) -> None:
    daily(sweep)
    moments = ["2026-11-23T09:00+01:00", "2026-11-25T14:00+01:00"]
    assert ran_at(clock, *moments) == moments


def test_failing_work_is_logged_by_its_name(db: None, caplog: pytest.LogCaptureFixture) -> None:
    hourly(fail)
    run_due()
    assert f"{__name__}.fail failed" in caplog.text
    assert "the disk is full" in caplog.text


def test_failing_work_does_not_stop_other_work(db: None) -> None:
    hourly(fail)
    hourly(sweep)
    assert run_due() == 2
    assert RAN == ["sweep"]


def test_failing_work_waits_for_its_next_time(db: None) -> None:
    hourly(fail)
    run_due()
    assert run_due() == 0


def test_no_work_begins_while_the_worker_stops(db: None) -> None:
    hourly(sweep)
    run_due(is_stopping=lambda: True)
    assert RAN == []
    run_due()
    assert RAN == ["sweep"]


@pytest.mark.parametrize("register", [hourly, daily])
def test_concurrent_workers_claim_work_once(committed_db: None, register: Any) -> None:
    register(sweep)
    name = f"{__name__}.sweep"
    PeriodicRun.objects.create(work=name)
    now = timezone.now()
    claims = at_once(*[lambda: claim(name, now)] * 4)
    assert sorted(claims) == [False, False, False, True]


def test_concurrent_first_workers_run_work_once(committed_db: None) -> None:
    daily(sweep)
    assert sum(at_once(run_due, run_due, run_due)) == 1
    assert RAN == ["sweep"]


@pytest.mark.parametrize("ahead", [timedelta(days=-2), timedelta(days=2)])
def test_worker_with_a_wrong_clock_does_not_run_work_again(db: None, ahead: timedelta) -> None:
    hourly(sweep)
    run_due()
    with time_machine.travel(timezone.now() + ahead):
        assert run_due() == 0


def test_single_run_of_the_worker_leaves_periodic_work(db: None) -> None:
    hourly(sweep)
    call_command("worker", "--once")
    assert RAN == []
