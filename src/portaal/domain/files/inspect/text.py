"""Inspection of plain text: no web page and no program that a browser would run."""

from __future__ import annotations

from collections.abc import Iterable

from ..kinds import MARKUP
from .bounds import Quarantined, Reason

MARKUP_OVERLAP_BYTES = 64  # longer than any match of MARKUP


def inspect(chunks: Iterable[bytes]) -> None:
    """Raise Quarantined if the text has markup in it."""
    overlap = b""
    for chunk in chunks:
        data = overlap + chunk.replace(b"\0", b"")  # UTF-16 is text too
        if MARKUP.search(data):
            raise Quarantined(Reason.MIXED)
        overlap = data[-MARKUP_OVERLAP_BYTES:]
