"""What a job may say to its worker, and which job is running.

A mail takes its Message-ID from the job, so that a repeat after a doubtful answer merges at the receiver.
"""

from contextvars import ContextVar
from uuid import UUID


class Hopeless(Exception):
    """Trying again will not help: the worker gives the job up at once."""


current_job: ContextVar[UUID | None] = ContextVar("current_job", default=None)
