"""What a job may say to its worker, which job is running, and what is left to do when one is given up.

A mail takes its Message-ID from the job, so that a repeat after a doubtful answer merges at the receiver.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django_tasks.base import Task


class Hopeless(Exception):
    """Trying again will not help: the worker gives the job up at once."""


current_job: ContextVar[UUID | None] = ContextVar("current_job", default=None)

LAST_ACTS: dict[str, Callable[..., None]] = {}


def when_given_up(task: "Task[Any, Any]") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Marks the function that is called, with the job's arguments, in the transaction in which a job of `task` is given up."""

    def mark(act: Callable[..., None]) -> Callable[..., None]:
        LAST_ACTS[task.module_path] = act
        return act

    return mark
