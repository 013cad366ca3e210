"""The worker: leases due jobs, runs them, retries failures later and keeps dead letters.

Each queue has a thread of its own: a file check waits for a scanner that may hang, and an e-mail
must not wait for that.

A job runs at least once: if a worker dies, its lease expires and another worker takes over. The
update that finishes a job checks that the lease is still the worker's own.

Times are compared with and set from the database's clock, so that a worker whose own clock is wrong
does not take over a running job.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from portaal.domain.problems import describe

from .context import DEAD_LETTER_HOOKS, PermanentFailure, current_job
from .models import Job

log = logging.getLogger("portaal.jobs")

LEASE = timedelta(minutes=2)  # longer than any task: the longest waits a minute for the scanner
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]  # 14.6 hours
ATTEMPTS_MAX = len(RETRY_AFTER) + 1
QUEUES: Sequence[str] = settings.TASKS["default"]["QUEUES"]


def take(queue: str = "") -> Job | None:
    """Lease the job that is due longest, or return None if none is due.

    Without `queue`, take it from any. A running job with an expired lease is due too.
    """
    jobs = Job.objects.filter(queue=queue) if queue else Job.objects.all()
    # `state` once more, apart from the alternatives: so both databases use an index.
    due = jobs.filter(
        Q(state=Job.State.READY, due__lte=Now())
        | Q(state=Job.State.RUNNING, leased_until__lt=Now()),
        state__in=[Job.State.READY, Job.State.RUNNING],
    )
    with transaction.atomic():
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
            _mark_dead(job, job.error or "the worker died")
            return take(queue)
        job.state, job.lease, job.attempts = Job.State.RUNNING, uuid4(), job.attempts + 1
        job.leased_until = Now() + LEASE
        job.save(update_fields=["state", "lease", "attempts", "leased_until"])
        return job


def run(job: Job) -> bool:
    """Run one leased job and store its outcome. Return True if it succeeded."""
    token = current_job.set(job.pk)
    try:
        import_string(job.task).func(*job.arguments["args"], **job.arguments["kwargs"])
    except Exception as error:
        _handle_failure(job, error)
        return False
    finally:
        current_job.reset(token)
    _finish(job, state=Job.State.DONE, finished_at=Now(), error="")
    return True


def run_due(queue: str = "") -> int:
    """Run every job that is due, of one queue or of all. Return the number of jobs tried."""
    tried = 0
    while job := take(queue):
        run(job)
        tried += 1
    return tried


def retry(job: Job) -> bool:
    """Make a dead job due now, with all its attempts. Return False if it is not dead."""
    dead = Job.objects.filter(pk=job.pk, state=Job.State.DEAD)
    return bool(
        dead.update(state=Job.State.READY, attempts=0, due=Now(), finished_at=None, error="")
    )


def drop(job: Job) -> bool:
    """Mark a dead job as dropped. Return False if it is not dead."""
    dead = Job.objects.filter(pk=job.pk, state=Job.State.DEAD)
    return bool(dead.update(state=Job.State.DROPPED, finished_at=Now()))


def _handle_failure(job: Job, error: Exception) -> None:
    text = f"{type(error).__name__}: {error}"[:300]  # for the office, which knows the receiver
    reason = describe(error)
    if job.attempts >= ATTEMPTS_MAX or isinstance(error, PermanentFailure):
        log.error(
            "job %s (%s) given up after %s attempts: %s", job.pk, job.task, job.attempts, reason
        )
        _mark_dead(job, text)
    else:
        log.warning("job %s (%s) failed, attempt %s: %s", job.pk, job.task, job.attempts, reason)
        wait = RETRY_AFTER[job.attempts - 1]
        _finish(job, state=Job.State.READY, due=Now() + wait, error=text)


def _mark_dead(job: Job, text: str) -> None:
    """Mark the job as dead and run the dead-letter hook of its task in one transaction.

    If the hook fails, log that and mark the job as dead anyway.
    """
    try:
        with transaction.atomic():
            import_string(job.task)  # the module of the task registers its hook
            if (
                _finish(job, state=Job.State.DEAD, finished_at=Now(), error=text)
                and job.task in DEAD_LETTER_HOOKS
            ):
                DEAD_LETTER_HOOKS[job.task](*job.arguments["args"], **job.arguments["kwargs"])
    except Exception:
        log.exception("job %s (%s): its dead-letter hook failed", job.pk, job.task)
        _finish(job, state=Job.State.DEAD, finished_at=Now(), error=text)


def _finish(job: Job, **changes: object) -> bool:
    """Release the lease and store `changes`. Return False if another worker took the job."""
    own = Job.objects.filter(pk=job.pk, lease=job.lease, state=Job.State.RUNNING)
    if own.update(lease=None, leased_until=None, **changes):
        return True
    log.warning("job %s (%s) was taken over before it ended", job.pk, job.task)
    return False
