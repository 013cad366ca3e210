"""Background work: jobs, and the runs of hourly and daily work.

A job is a row of the transaction of the act: if the act is committed, the work will be done.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class Job(models.Model):
    """One task to run until it succeeds or its attempts are used up. Holds ids only."""

    class State(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        DEAD = "dead"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    task = models.CharField(max_length=200)
    queue = models.CharField(max_length=32, db_default="mail")
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    created_at = models.DateTimeField(auto_now_add=True)
    due = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "due"], name="jobs_due"),
            models.Index(fields=["queue", "state", "due"], name="jobs_due_in_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.state}"


class PeriodicRun(models.Model):
    """The last run of one kind of hourly or daily work, by the clock of the database."""

    work = models.CharField(max_length=200, primary_key=True)
    last_run_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.work} {self.last_run_at}"
