"""Permissions for the keys of vaults."""

from __future__ import annotations

from portaal.domain.journal.actors import SYSTEM, Actor


def may_manage_keys(by: Actor) -> bool:
    """Allow the command line and the worker only; no login rotates or destroys a key."""
    return by is SYSTEM
