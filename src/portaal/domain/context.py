"""Facts of the request that is being answered, for the journal and the log."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """A request to the portal; empty for the worker and for commands.

    `channel` is how the act came in, such as "page". `assurance` is how the login was proven, such
    as "password".
    """

    id: str = ""  # log lines and journal events carry the same id, so they can be matched
    channel: str = ""
    assurance: str = ""


NO_REQUEST = Request()
current_request: ContextVar[Request] = ContextVar("current_request", default=NO_REQUEST)
