"""Permissions for the settings of the office."""

from __future__ import annotations

from portaal.domain.journal.actors import Actor, has_role


def may_set_up(by: Actor) -> bool:
    """Allow the manager of the office, and the command line."""
    return has_role(by, "manager")
