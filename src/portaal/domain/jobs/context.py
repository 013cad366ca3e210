"""Which job is running: a mail takes its Message-ID from it, so that a repeat after a doubtful answer merges at the receiver."""

from contextvars import ContextVar
from uuid import UUID

current_job: ContextVar[UUID | None] = ContextVar("current_job", default=None)
