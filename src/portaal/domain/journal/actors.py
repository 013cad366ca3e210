"""The actor of a verb (`by`), and the actors that are not a login."""

from __future__ import annotations

from enum import Enum
from typing import Any, Protocol


class Actor(Protocol):
    """A login, SYSTEM or ANONYMOUS.

    Rooms below the logins check permissions through this protocol. `roles` are the roles of staff;
    a client's login has none.
    """

    @property
    def pk(self) -> Any: ...

    @property
    def is_active(self) -> bool: ...

    @property
    def roles(self) -> frozenset[str]: ...


class Impersonal(Enum):
    """Actors that are not a login: the command line and the worker, and a visitor."""

    SYSTEM = "system"
    ANONYMOUS = "anonymous"

    @property
    def pk(self) -> None:
        return None

    @property
    def is_active(self) -> bool:
        return self is Impersonal.SYSTEM

    @property
    def roles(self) -> frozenset[str]:
        return frozenset()


SYSTEM = Impersonal.SYSTEM
ANONYMOUS = Impersonal.ANONYMOUS
