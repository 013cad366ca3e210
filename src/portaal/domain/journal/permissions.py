"""Permission for the key of the chain."""

from __future__ import annotations

from .actors import SYSTEM, Actor


def may_rotate(by: Actor) -> bool:
    """Allow the command line only; no login replaces the key."""
    return by is SYSTEM
