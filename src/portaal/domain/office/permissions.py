"""Permissions for the settings of the office."""

from __future__ import annotations

from portaal.domain.journal.actors import Actor
from portaal.domain.journal.roles import Right, has_right


def may_set_up(by: Actor) -> bool:
    """Allow administrators, and the command line."""
    return has_right(by, Right.MANAGE_SETTINGS)
