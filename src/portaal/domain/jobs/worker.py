"""The worker: takes what is due under a lease, runs it, tries again later, gives up in the open.

It works in two lanes side by side: looking at files waits for a scanner that may hang, and an e-mail must not wait for that.

A job is done at least once: a worker that dies leaves its lease to run out, and another takes over. The finishing write
checks that the lease is still its own.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from enum import Enum
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from .context import LAST_ACTS, Hopeless, current_job
from .models import Job

log = logging.getLogger("portaal.jobs")

LEASE = timedelta(minutes=2)  # longer than any task: the longest waits a minute for the scanner
RETRY_AFTER = [timedelta(minutes=m) for m in (1, 5, 30, 120, 720)]  # security.md E13
ATTEMPTS_MAX = len(RETRY_AFTER) + 1


class Lane(Enum):
    """Which jobs are done in turn."""

    ALL = Q()
    FILES = Q(task__startswith="portaal.domain.files.")
    OTHERS = ~FILES


def take(lane: Lane = Lane.ALL) -> Job | None:
    """Leases the job of this lane that is due longest, also one whose worker died. None when nothing is due."""
    now = timezone.now()
    with transaction.atomic():
        ready = Q(state=Job.State.READY, due__lte=now) | Q(
            state=Job.State.RUNNING, leased_until__lt=now
        )
        due = Job.objects.filter(ready, lane.value)
        locked = due.select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked
        )
        job = locked.order_by("due").first()
        if job is None:
            return None
        if job.attempts >= ATTEMPTS_MAX:  # it kills its worker each time
            log.error(
                "job %s (%s) given up: its worker died %s times", job.pk, job.task, job.attempts
            )
            _give_up(job, job.error or "the worker died")
            return take(lane)
        job.state, job.lease, job.leased_until = Job.State.RUNNING, uuid4(), now + LEASE
        job.attempts += 1
        job.save(update_fields=["state", "lease", "leased_until", "attempts"])
        return job


def run(job: Job) -> bool:
    """Runs one leased job and writes how it ended. Returns whether it succeeded."""
    token = current_job.set(job.pk)
    try:
        import_string(job.task).func(*job.arguments["args"], **job.arguments["kwargs"])
    except Exception as fault:
        _failed(job, fault)
        return False
    finally:
        current_job.reset(token)
    _finish(job, state=Job.State.DONE, finished_at=timezone.now(), error="")
    return True


def run_due(lane: Lane = Lane.ALL) -> int:
    """Runs everything of this lane that is due now; returns how many jobs were tried."""
    tried = 0
    while job := take(lane):
        run(job)
        tried += 1
    return tried


def try_again(job: Job) -> bool:
    """Makes a job that was given up due now, with all its attempts before it. False when it was not given up."""
    dead = Job.objects.filter(pk=job.pk, state=Job.State.DEAD)
    return bool(
        dead.update(
            state=Job.State.READY, attempts=0, due=timezone.now(), finished_at=None, error=""
        )
    )


def drop(job: Job) -> bool:
    """Leaves a job that was given up for what it is. False when it was not given up."""
    return bool(Job.objects.filter(pk=job.pk, state=Job.State.DEAD).update(state=Job.State.DROPPED))


def _failed(job: Job, fault: Exception) -> None:
    words = f"{type(fault).__name__}: {fault}"[:300]
    if job.attempts >= ATTEMPTS_MAX or isinstance(fault, Hopeless):
        log.error(
            "job %s (%s) given up after %s attempts: %s", job.pk, job.task, job.attempts, words
        )
        _give_up(job, words)
    else:
        log.warning("job %s (%s) failed, attempt %s: %s", job.pk, job.task, job.attempts, words)
        again = timezone.now() + RETRY_AFTER[job.attempts - 1]
        _finish(job, state=Job.State.READY, due=again, error=words)


def _give_up(job: Job, words: str) -> None:
    """The last act of its task is done with it, or neither; a fault in that act leaves the job for who looks at the log."""
    try:
        with transaction.atomic():
            import_string(job.task)  # its module says what the last act is
            if (
                _finish(job, state=Job.State.DEAD, finished_at=timezone.now(), error=words)
                and job.task in LAST_ACTS
            ):
                LAST_ACTS[job.task](*job.arguments["args"], **job.arguments["kwargs"])
    except Exception:
        log.exception("job %s (%s): its last act failed", job.pk, job.task)
        _finish(job, state=Job.State.DEAD, finished_at=timezone.now(), error=words)


def _finish(job: Job, **changes: object) -> bool:
    """Whether the job was still this worker's to end."""
    mine = Job.objects.filter(pk=job.pk, lease=job.lease, state=Job.State.RUNNING)
    if mine.update(lease=None, leased_until=None, **changes):
        return True
    log.warning("job %s (%s) was taken over before it ended", job.pk, job.task)
    return False
