"""Who acts: a login, or one of two that are not a person."""

from __future__ import annotations

from contextvars import ContextVar
from enum import Enum


class Actor(Enum):
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


SYSTEM = Actor.SYSTEM
ANONYMOUS = Actor.ANONYMOUS

# The request an act belongs to, so that a line of the log and a line of the journal can be laid side by side.
request_id: ContextVar[str] = ContextVar("request_id", default="")
