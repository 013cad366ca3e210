"""Actors that are not a login, and the id of the current request."""

from __future__ import annotations

from contextvars import ContextVar
from enum import Enum


class Actor(Enum):
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


SYSTEM = Actor.SYSTEM
ANONYMOUS = Actor.ANONYMOUS

# Log lines and journal events carry the same request id, so they can be matched.
request_id: ContextVar[str] = ContextVar("request_id", default="")
