"""Daily removal of finished jobs."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from portaal.domain.periodic import daily, prune

from .models import Job

FINISHED_KEPT = timedelta(days=7)


@daily
def prune_finished() -> None:
    """Delete jobs that were done or dropped some days ago.

    A dead job stays until it is dropped.
    """
    old = Now() - FINISHED_KEPT
    finished = Job.objects.filter(state__in=[Job.State.DONE, Job.State.DROPPED])
    # A job is due before it ends: with `due`, the index finds the rows of each batch.
    prune(finished.filter(due__lt=old, finished_at__lt=old))
