"""Backend of Django's Tasks API: `task.enqueue(…)` adds a Job in the current transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus

from .models import Job

STATUS = {
    Job.State.READY: TaskResultStatus.READY,
    Job.State.RUNNING: TaskResultStatus.RUNNING,
    Job.State.DONE: TaskResultStatus.SUCCESSFUL,
    Job.State.DEAD: TaskResultStatus.FAILED,
    Job.State.DROPPED: TaskResultStatus.FAILED,
}


class JobsBackend(BaseTaskBackend):
    supports_defer = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        job = Job.objects.create(
            task=task.module_path,
            queue=task.queue_name,
            arguments={"args": list(args), "kwargs": dict(kwargs)},
            due=_due(task.run_after),
        )
        return TaskResult(
            task=task,
            id=str(job.pk),
            status=STATUS[Job.State.READY],
            enqueued_at=job.created_at,
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def _due(run_after: datetime | None) -> Combinable:
    """Return `run_after` on the database's clock, which may differ from that of this process."""
    return Now() + (run_after - timezone.now()) if run_after else Now()
