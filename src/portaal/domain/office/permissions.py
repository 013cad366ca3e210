"""Permissions for the settings of the office."""

from __future__ import annotations

from portaal.domain.journal.actors import Actor
from portaal.domain.journal.recording import By


def may_set_up(by: By) -> bool:
    """Allow the manager of the office, and the command line."""
    return isinstance(by, Actor) or (by.is_active and getattr(by, "role", "") == "manager")
