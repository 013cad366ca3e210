"""Hourly removal of the counters of windows that have ended."""

from __future__ import annotations

from portaal.domain.periodic import hourly

from . import limits


@hourly
def prune_counters() -> None:
    limits.delete_expired()
