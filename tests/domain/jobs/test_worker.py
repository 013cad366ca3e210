"""Background work is done when its act is committed: at least once, later when it fails, given up in the open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from tests.domain.jobs import work
from tests.domain.together import at_once

from portaal.domain.jobs.models import Job
from portaal.domain.jobs.worker import ATTEMPTS_MAX, LEASE, RETRY_AFTER, Lane, run, run_due, take

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-11-23T09:00:00+00:00", tick=False) as travelled:
        yield travelled


@pytest.fixture(autouse=True)
def _silence() -> None:
    work.SAID.clear()


def test_work_enqueued_is_done_once(db: None) -> None:
    work.say.enqueue("een")
    assert (run_due(), run_due(), work.SAID, Job.objects.get().state) == (1, 0, ["een"], "done")


def test_work_of_a_rolled_back_act_is_never_there(committed_db: None) -> None:
    with pytest.raises(OSError), transaction.atomic():
        work.say.enqueue("nooit")
        raise OSError
    assert (run_due(), Job.objects.count()) == (0, 0)


def test_work_for_later_waits(db: None, clock: time_machine.Coordinates) -> None:
    work.say.using(run_after=timezone.now() + SECOND).enqueue("straks")
    early = run_due()
    clock.shift(SECOND)
    assert (early, run_due(), work.SAID) == (0, 1, ["straks"])


def test_work_due_longest_goes_first(db: None, clock: time_machine.Coordinates) -> None:
    for word, ago in (("twee", 1), ("een", 2), ("drie", 0)):
        work.say.using(run_after=timezone.now() - ago * SECOND).enqueue(word)
    run_due()
    assert work.SAID == ["een", "twee", "drie"]


def test_work_that_fails_is_tried_later_and_later_and_then_given_up(
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
    assert (waits, job.state, job.attempts, job.error) == (
        RETRY_AFTER,
        "dead",
        ATTEMPTS_MAX,
        "OSError: the mail server is away",
    )
    clock.shift(timedelta(days=30))
    assert run_due() == 0


def test_a_worker_that_lost_its_lease_changes_nothing_when_it_ends(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.say.enqueue("een")
    first = take()
    clock.shift(LEASE + SECOND)
    second = take()
    assert first and second and first.pk == second.pk
    run(first)
    job = Job.objects.get()
    assert (job.state, job.lease) == ("running", second.lease)
    run(second)
    assert (Job.objects.get().state, work.SAID) == ("done", ["een", "een"])


def test_a_worker_that_failed_late_does_not_undo_what_another_did(
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


def test_a_lease_that_runs_is_respected(db: None, clock: time_machine.Coordinates) -> None:
    work.say.enqueue("een")
    take()
    clock.shift(LEASE - SECOND)
    assert take() is None


def test_work_that_kills_its_worker_each_time_is_given_up(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.say.enqueue("een")
    for _ in range(ATTEMPTS_MAX):
        assert take()
        clock.shift(LEASE + SECOND)
    taken, job = take(), Job.objects.get()
    assert (taken, job.state, job.error) == (None, "dead", "the worker died")


def test_work_given_up_does_not_hold_up_what_comes_after(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.fail.enqueue()
    for _ in range(ATTEMPTS_MAX):
        take()
        clock.shift(LEASE + SECOND)
    work.say.enqueue("daarna")
    run_due()
    assert work.SAID == ["daarna"]


def test_two_workers_at_once_take_one_job_once(committed_db: None) -> None:
    work.say.enqueue("een")
    taken = at_once(take, take)
    assert sorted(map(bool, taken)) == [False, True]


def test_work_on_files_and_other_work_do_not_wait_for_each_other(db: None) -> None:
    file = Job.objects.create(task="portaal.domain.files.tasks.check", due=timezone.now())
    work.say.enqueue("een")
    other = take(Lane.OTHERS)
    assert other and other.task.endswith(".say")
    assert (take(Lane.OTHERS), take(Lane.FILES), take()) == (None, file, None)


def test_the_command_does_what_is_due_and_ends(db: None) -> None:
    work.say.enqueue("een")
    call_command("worker", "--once")
    assert work.SAID == ["een"]


def test_what_is_left_to_do_is_done_once_when_work_is_given_up(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.promise.enqueue("een")
    said = []
    for _ in range(ATTEMPTS_MAX):
        run_due()
        said.append(list(work.SAID))
        clock.shift(RETRY_AFTER[-1])
    assert (said, run_due()) == ([[]] * (ATTEMPTS_MAX - 1) + [["sorry: een"]], 0)


def test_what_is_left_to_do_is_done_for_work_that_kills_its_worker(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.promise.enqueue("een")
    for _ in range(ATTEMPTS_MAX):
        take()
        clock.shift(LEASE + SECOND)
    assert (take(), work.SAID, Job.objects.get().state) == (None, ["sorry: een"], "dead")


def test_a_fault_in_what_is_left_to_do_does_not_keep_the_job_alive(
    db: None, clock: time_machine.Coordinates
) -> None:
    work.promise.enqueue("twice")
    Job.objects.update(attempts=ATTEMPTS_MAX - 1)
    assert (run_due(), run_due(), Job.objects.get().state) == (1, 0, "dead")
