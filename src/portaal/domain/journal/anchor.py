"""The end of the journal, written down at a second place each hour (security.md E10).

Whoever can change the database cannot change that place: a journal that was cut off, or an older back-up put back, no longer
holds the events that stand there.
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
    """'<number of the last event> <its seal> <time>'"""
    head = Head.objects.filter(pk=1).first() or Head()
    return f"{head.seq} {head.mac} {timezone.now():%Y-%m-%dT%H:%M:%SZ}"


def write(path: Path) -> None:
    """Appends the line to a file, on disk when it returns. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{line()}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def send(address: str) -> None:
    """Mails the line. Raises what the mail server raises."""
    EmailMessage(subject="Klantenportaal: journal", body=f"{line()}\n", to=[address]).send()


def faults(lines: Iterable[str]) -> Iterator[str]:
    """Every line whose event the journal no longer holds as it was, in words; a line that is none of ours is named too."""
    rest = iter(lines)
    while some := list(islice(rest, 500)):
        known: dict[int, str] = dict(
            Event.objects.filter(seq__in=[*filter(None, map(_seq, some))]).values_list("seq", "mac")
        )
        for text in some:
            seq = _seq(text)
            if seq is None:
                yield f"no line of an anchor: {text.strip()[:60]!r}"
            elif seq and known.get(seq) != text.split()[1]:
                yield f"event {seq}: {'changed' if seq in known else 'gone'} since {text.split()[2]}, when it was the last one"


def _seq(text: str) -> int | None:
    words = text.split()
    return int(words[0]) if len(words) == 3 and words[0].isascii() and words[0].isdigit() else None
