"""Texts as they are stored."""

from __future__ import annotations


def normalize(text: str) -> str:
    """Return `text` with LF line breaks and without lone surrogates and NUL (not storable)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "ignore").decode().replace("\0", "")
