"""The virus scanner: a small protocol, clamd behind a socket, and a stand-in that knows one harmless test file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class ScannerAway(OSError):
    """The scanner gave no answer that counts: it is away, too slow, failed, or did not look at all of the file."""


class Scanner(Protocol):
    def scan(self, chunks: Iterable[bytes]) -> str:
        """The name of what was found in these bytes; '' when the whole was looked at and nothing found. Raises ScannerAway."""


def scanner() -> Scanner:
    """The scanner of this installation."""
    from django.conf import settings

    if settings.SCANNER:
        from .clamd import Clamd

        return Clamd(settings.SCANNER)
    from .standin import StandIn

    return StandIn()
