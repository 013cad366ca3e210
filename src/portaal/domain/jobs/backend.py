"""Backend of Django's Tasks API: `task.enqueue(…)` adds a Job in the current transaction."""

from __future__ import annotations

from typing import Any

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
            arguments={"args": list(args), "kwargs": dict(kwargs)},
            due=task.run_after or timezone.now(),
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
