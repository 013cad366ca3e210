"""Every room registers its work, and old rows are deleted in batches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portaal.domain.identity.models import LinkRequest
from portaal.domain.identity.tasks import REQUESTS_KEPT
from portaal.domain.jobs.models import Job
from portaal.domain.jobs.tasks import FINISHED_KEPT
from portaal.domain.journal.models import SecurityEvent
from portaal.domain.journal.tasks import SECURITY_EVENTS_KEPT
from portaal.domain.periodic import PRUNE_BATCH, WORK, prune

MINUTE = timedelta(minutes=1)


def names(*, is_daily: bool) -> set[str]:
    return {
        name.removeprefix("portaal.domain.").replace(".tasks.", ".")
        for name, work in WORK.items()
        if work.is_daily is is_daily
    }


def run(name: str) -> None:
    WORK[f"portaal.domain.{name}"].function()


def make_jobs(state: Job.State, *, age: timedelta, number: int = 1) -> None:
    moment = timezone.now() - age
    Job.objects.bulk_create(
        Job(task="x", state=state, due=moment, finished_at=moment) for _ in range(number)
    )


def test_rooms_register_hourly_work() -> None:
    assert names(is_daily=False) == {
        "identity.erase_addresses",
        "throttle.prune_counters",
        "identity.prune_sessions",
        "drafts.prune_drafts",
        "files.sweep_store",
        "journal.send_anchor",
        "journal.write_anchor",
    }


def test_rooms_register_daily_work() -> None:
    assert names(is_daily=True) == {
        "identity.prune_link_requests",
        "jobs.prune_finished",
        "journal.prune_security_events",
    }


@pytest.mark.parametrize("state", [Job.State.DONE, Job.State.DROPPED])
def test_old_finished_job_is_deleted(db: None, state: Job.State) -> None:
    make_jobs(state, age=FINISHED_KEPT + MINUTE)
    run("jobs.tasks.prune_finished")
    assert not Job.objects.exists()


@pytest.mark.parametrize("state", [Job.State.DONE, Job.State.DROPPED])
def test_finished_job_stays_for_some_days(db: None, state: Job.State) -> None:
    make_jobs(state, age=FINISHED_KEPT - MINUTE)
    run("jobs.tasks.prune_finished")
    assert Job.objects.exists()


@pytest.mark.parametrize("state", [Job.State.READY, Job.State.RUNNING, Job.State.DEAD])
def test_unfinished_or_dead_job_stays(db: None, state: Job.State) -> None:
    make_jobs(state, age=timedelta(days=400))
    run("jobs.tasks.prune_finished")
    assert Job.objects.exists()


def test_old_security_event_is_deleted_and_a_newer_one_stays(db: None) -> None:
    for age in (-MINUTE, MINUTE):
        event = SecurityEvent.objects.create(kind="web.forbidden")
        at = timezone.now() - SECURITY_EVENTS_KEPT + age
        SecurityEvent.objects.filter(pk=event.pk).update(at=at)
    run("journal.tasks.prune_security_events")
    assert SecurityEvent.objects.get().pk == event.pk


def test_old_link_request_is_deleted_and_a_newer_one_stays(db: None) -> None:
    for age in (-MINUTE, MINUTE):
        request = LinkRequest.objects.create()
        at = timezone.now() - REQUESTS_KEPT + age
        LinkRequest.objects.filter(pk=request.pk).update(requested_at=at)
    run("identity.tasks.prune_link_requests")
    assert LinkRequest.objects.get().pk == request.pk


def test_address_of_an_unanswered_request_is_erased_after_a_day(db: None) -> None:
    request = LinkRequest.objects.create(email="sanne@example.nl")
    run("identity.tasks.erase_addresses")
    request.refresh_from_db()
    assert request.email == "sanne@example.nl"
    LinkRequest.objects.update(requested_at=timezone.now() - timedelta(days=1, minutes=1))
    run("identity.tasks.erase_addresses")
    request.refresh_from_db()
    assert request.email == ""


def test_large_table_is_pruned_in_batches(db: None) -> None:
    number = 2 * PRUNE_BATCH + 1
    make_jobs(Job.State.DONE, age=FINISHED_KEPT + MINUTE, number=number)
    with CaptureQueriesContext(connection) as queries:
        assert prune(Job.objects.all()) == number
    assert not Job.objects.exists()
    assert sum(query["sql"].startswith("DELETE") for query in queries) == 3
