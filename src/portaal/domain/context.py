"""Facts of the request that is being answered, for the journal and the log."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Request:
    """A request to the portal; empty for the worker and for commands.

    `channel` is how the act came in, such as "page". `assurance` is how the login was proven, such
    as "password". `login` is the id of the login, empty before logging in, and `network` the
    network of the remote address.
    """

    id: str = ""  # log lines and journal events carry the same id, so they can be matched
    channel: str = ""
    assurance: str = ""
    login: str = ""
    network: str = ""


NO_REQUEST = Request()
current_request: ContextVar[Request] = ContextVar("current_request", default=NO_REQUEST)


def note_login(login: object) -> None:
    """Set the login of the request that is being answered, for the lines of the log."""
    current_request.set(replace(current_request.get(), login=str(login)))
