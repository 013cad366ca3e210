"""Hourly removal of old unsent text."""

from __future__ import annotations

from portaal.domain.periodic import hourly

from . import store


@hourly
def prune_drafts() -> None:
    store.delete_expired()
