"""Plain text: all of it is text, and none of it is a page or a program that a browser would start."""

from __future__ import annotations

from collections.abc import Iterable

from ..kinds import MARKUP
from .bounds import Held, Reason

OVERLAP = 64  # longer than any mark


def look(chunks: Iterable[bytes]) -> None:
    end = b""
    for chunk in chunks:
        piece = end + chunk.replace(b"\0", b"")  # UTF-16 is text too
        if MARKUP.search(piece):
            raise Held(Reason.MIXED)
        end = piece[-OVERLAP:]
