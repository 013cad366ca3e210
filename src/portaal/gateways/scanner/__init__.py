"""The virus scanner: a protocol, clamd over a socket, and a stand-in for development."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class ScannerUnavailable(OSError):
    """The scanner gave no valid answer: it is away, too slow, failed, or scanned only a part."""

    has_safe_text = True  # for the log: it names no person and no file


class Scanner(Protocol):
    def scan(self, chunks: Iterable[bytes]) -> str:
        """Return the name of the signature that matched, or '' if none did.

        '' means that all bytes were scanned. Raises ScannerUnavailable.
        """


def scanner() -> Scanner:
    """Return the scanner of this installation."""
    from django.conf import settings

    if settings.SCANNER:
        from .clamd import Clamd

        return Clamd(settings.SCANNER)
    from .standin import StandIn

    return StandIn()
