"""Anchor lines: the end of the journal, copied to a second location every hour.

An attacker with write access to the database cannot change the second location. A truncated
journal, or an older backup put back, no longer contains the events named in the anchor lines.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.core.mail import EmailMessage
from django.utils import timezone

from .models import Event, Head


def line() -> str:
    """Return '<seq of the last event> <its MAC> <time in UTC>'."""
    head = Head.objects.filter(pk=1).first() or Head()
    return f"{head.seq} {head.mac} {timezone.now():%Y-%m-%dT%H:%M:%SZ}"


def write(path: Path) -> None:
    """Append the current line to a file and sync it to disk. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{line()}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def send(address: str) -> None:
    """Mail the current line to `address`. Raises the errors of the mail backend."""
    EmailMessage(subject="Klantenportaal: journal", body=f"{line()}\n", to=[address]).send()


def find_breaks(lines: Iterable[str]) -> Iterator[str]:
    """Describe each line with a missing or changed event, and each malformed line."""
    remaining = iter(lines)
    while batch := list(islice(remaining, 500)):
        macs: dict[int, str] = dict(
            Event.objects.filter(seq__in=[*filter(None, map(_seq, batch))]).values_list(
                "seq", "mac"
            )
        )
        for text in batch:
            seq = _seq(text)
            if seq is None:
                yield f"no line of an anchor: {text.strip()[:60]!r}"
            elif seq and macs.get(seq) != text.split()[1]:
                problem = "changed" if seq in macs else "gone"
                yield f"event {seq}: {problem} since {text.split()[2]}, when it was the last one"


def _seq(text: str) -> int | None:
    words = text.split()
    return int(words[0]) if len(words) == 3 and words[0].isascii() and words[0].isdigit() else None
