"""A committed job runs at least once, is retried later, and in the end is a dead letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks import task
from django_tasks.exceptions import InvalidTaskError
from tests.clock import travel
from tests.domain.jobs import work
from tests.domain.together import at_once

from portaal.domain.jobs.models import Job
from portaal.domain.jobs.worker import (
    ATTEMPTS_MAX,
    LEASE,
    QUEUES,
    RETRY_AFTER,
    drop,
    run,
    run_due,
    take,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with travel("2026-11-23T09:00:00+00:00", tick=False) as travelled:
        yield travelled


@pytest.fixture(autouse=True)
def _no_output() -> None:
    work.OUTPUT.clear()


def test_enqueued_job_runs_once(db: None) -> None:
    work.say.enqueue("een")
    assert run_due() == 1
    assert run_due() == 0
    assert work.OUTPUT == ["een"]
    assert Job.objects.get().state == Job.State.DONE


def test_job_of_a_rolled_back_act_does_not_exist(committed_db: None) -> None:
    with pytest.raises(OSError), transaction.atomic():
        work.say.enqueue("nooit")
        raise OSError
    assert run_due() == 0
    assert not Job.objects.exists()


def test_job_for_later_waits_until_it_is_due(db: None, clock: time_machine.Coordinates) -> None:
    work.say.using(run_after=timezone.now() + SECOND).enqueue("straks")
    assert run_due() == 0
    clock.shift(SECOND)
    assert run_due() == 1
    assert work.OUTPUT == ["straks"]


def test_job_due_longest_runs_first(db: None, clock: time_machine.Coordinates) -> None:
    for word, ago in (("twee", 1), ("een", 2), ("drie", 0)):
        work.say.using(run_after=timezone.now() - ago * SECOND).enqueue(word)
    run_due()
    assert work.OUTPUT == ["een", "twee", "drie"]


def test_failing_job_waits_longer_after_each_attempt_and_then_is_dead(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.fail.enqueue()
    waits = []
    for _ in RETRY_AFTER:
        assert run_due() == 1
        waits.append(Job.objects.get(state="ready").due - timezone.now())
        clock.shift(waits[-1] - SECOND)
        assert run_due() == 0
        clock.shift(SECOND)
    run_due()
    job = Job.objects.get()
    assert waits == RETRY_AFTER
    assert job.state == Job.State.DEAD
    assert job.attempts == ATTEMPTS_MAX
    assert job.error == "OSError: the mail server is away"
    clock.shift(timedelta(days=30))
    assert run_due() == 0


def test_worker_that_lost_its_lease_changes_nothing_when_it_ends(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.say.enqueue("een")
    first = take()
    clock.shift(LEASE + SECOND)
    second = take()
    assert first and second and first.pk == second.pk
    run(first)
    job = Job.objects.get()
    assert job.state == Job.State.RUNNING
    assert job.lease == second.lease
    run(second)
    assert Job.objects.get().state == Job.State.DONE
    assert work.OUTPUT == ["een", "een"]


def test_worker_that_failed_late_does_not_undo_the_success_of_another(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.fail.enqueue()
    first = take()
    clock.shift(LEASE + SECOND)
    second = take()
    assert first and second
    Job.objects.filter(pk=second.pk).update(state="done")
    run(first)
    assert Job.objects.get().state == "done"


def test_leased_job_is_not_taken_again(db: None, clock: time_machine.Coordinates) -> None:
    work.say.enqueue("een")
    take()
    clock.shift(LEASE - SECOND)
    assert take() is None


@pytest.mark.parametrize("ahead", [timedelta(days=-1), LEASE + SECOND, timedelta(days=1)])
def test_worker_with_a_wrong_clock_does_not_take_a_leased_job(db: None, ahead: timedelta) -> None:
    work.say.enqueue("een")
    assert take()
    with time_machine.travel(timezone.now() + ahead):
        assert take() is None


@pytest.mark.parametrize("ahead", [timedelta(days=-1), timedelta(days=1)])
def test_lease_from_a_worker_with_a_wrong_clock_lasts_as_long(db: None, ahead: timedelta) -> None:
    work.say.enqueue("een")
    with time_machine.travel(timezone.now() + ahead):
        assert take()
    job = Job.objects.get()
    assert job.leased_until
    assert timedelta() < job.leased_until - timezone.now() <= LEASE + SECOND


@pytest.mark.parametrize("ahead", [timedelta(days=-1), timedelta(days=1)])
def test_job_from_a_host_with_a_wrong_clock_is_due_at_once(db: None, ahead: timedelta) -> None:
    with time_machine.travel(timezone.now() + ahead):
        work.say.enqueue("een")
    assert run_due() == 1


@pytest.mark.parametrize("ahead", [timedelta(days=-1), timedelta(days=1)])
def test_job_for_later_from_a_host_with_a_wrong_clock_waits_as_long(
    db: None, ahead: timedelta
) -> None:
    with time_machine.travel(timezone.now() + ahead):
        work.say.using(run_after=timezone.now() + LEASE).enqueue("straks")
        assert run_due() == 0
    assert timedelta() < Job.objects.get().due - timezone.now() <= LEASE + SECOND


def test_job_that_kills_its_worker_each_time_is_dead(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.say.enqueue("een")
    for _ in range(ATTEMPTS_MAX):
        assert take()
        clock.shift(LEASE + SECOND)
    assert take() is None
    job = Job.objects.get()
    assert job.state == Job.State.DEAD
    assert job.error == "the worker died"


def test_dead_job_does_not_block_the_next(db: None, clock: time_machine.Coordinates) -> None:
    work.fail.enqueue()
    for _ in range(ATTEMPTS_MAX):
        take()
        clock.shift(LEASE + SECOND)
    work.say.enqueue("daarna")
    run_due()
    assert work.OUTPUT == ["daarna"]


def test_concurrent_workers_take_a_job_once(committed_db: None) -> None:
    work.say.enqueue("een")
    taken = at_once(take, take)
    assert sorted(map(bool, taken)) == [False, True]


def test_task_enqueues_in_its_queue(db: None) -> None:
    work.say.enqueue("een")
    work.scan.enqueue()
    assert dict(Job.objects.values_list("task", "queue")) == {
        work.say.module_path: "mail",
        work.scan.module_path: "files",
    }


def test_each_queue_takes_its_own_jobs_only(db: None) -> None:
    work.say.enqueue("een")
    work.scan.enqueue()
    mail, files = take("mail"), take("files")
    assert mail and mail.task == work.say.module_path
    assert files and files.task == work.scan.module_path
    assert take() is None


def test_worker_runs_each_queue_on_a_thread_of_its_own(committed_db: None) -> None:
    """The job of one queue waits until the job of the other has begun."""
    work.meet_in_files.enqueue()
    work.meet_in_mail.enqueue()
    assert at_once(*(partial(run_due, queue) for queue in QUEUES)) == [1, 1]
    assert sorted(work.OUTPUT) == ["files", "mail"]


@pytest.mark.parametrize("queue", ["", "mail"])
def test_look_for_a_job_reads_no_finished_jobs(db: None, queue: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the plan of an empty table on PostgreSQL says nothing")
    with CaptureQueriesContext(connection) as queries:
        take(queue)
    [select] = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {select}")
        plan = [row[-1] for row in cursor.fetchall() if "jobs_job" in row[-1]]
    assert plan
    assert [step for step in plan if "state=?" not in step] == []


def test_task_of_an_unknown_queue_is_refused() -> None:
    with pytest.raises(InvalidTaskError):
        task(queue_name="unknown")(work.say.func)


def test_dropped_job_has_the_moment_it_was_dropped(
    db: None, clock: time_machine.Coordinates
) -> None:
    job = Job.objects.create(task="x", due=timezone.now(), state=Job.State.DEAD)
    drop(job)
    job.refresh_from_db()
    assert job.finished_at == timezone.now()


def test_command_runs_due_jobs_and_ends(db: None) -> None:
    work.say.enqueue("een")
    call_command("worker", "--once")
    assert work.OUTPUT == ["een"]


def test_dead_letter_hook_runs_once_after_the_last_attempt(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.promise.enqueue("een")
    for _ in range(ATTEMPTS_MAX):
        assert work.OUTPUT == []
        run_due()
        clock.shift(RETRY_AFTER[-1])
    assert work.OUTPUT == ["sorry: een"]
    assert run_due() == 0


def test_dead_letter_hook_runs_for_a_job_that_kills_its_worker(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.promise.enqueue("een")
    for _ in range(ATTEMPTS_MAX):
        take()
        clock.shift(LEASE + SECOND)
    assert take() is None
    assert work.OUTPUT == ["sorry: een"]
    assert Job.objects.get().state == Job.State.DEAD


def test_job_is_dead_even_if_its_dead_letter_hook_fails(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.promise.enqueue("twice")
    Job.objects.update(attempts=ATTEMPTS_MAX - 1)
    assert run_due() == 1
    assert run_due() == 0
    assert Job.objects.get().state == Job.State.DEAD
