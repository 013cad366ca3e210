"""Context of a running job: its id, permanent failure and the dead-letter hooks of tasks.

A mail takes its Message-ID from the job, so that a receiver merges the mail with its repeat.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django_tasks.base import Task


class PermanentFailure(Exception):
    """Raised by a task when a retry cannot help: the job becomes a dead letter at once."""


current_job: ContextVar[UUID | None] = ContextVar("current_job", default=None)

DEAD_LETTER_HOOKS: dict[str, Callable[..., None]] = {}


def on_dead_letter(task: "Task[Any, Any]") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register the function to call when a job of `task` becomes a dead letter.

    It gets the job's arguments and runs in the transaction that marks the job as dead.
    """

    def register(hook: Callable[..., None]) -> Callable[..., None]:
        DEAD_LETTER_HOOKS[task.module_path] = hook
        return hook

    return register
