"""Verification of the hash chain: finds edited, removed, inserted and reordered events."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from .models import FIRST_MAC, Event, Head


def find_breaks() -> Iterator[str]:
    """Describe every break in the chain, in order. Streams the table."""
    seq, mac = 0, FIRST_MAC
    for event in Event.objects.order_by("seq").iterator(chunk_size=2000):
        if event.seq != seq + 1:
            yield f"event {seq + 1}: missing (the next one is {event.seq})"
        elif not hmac.compare_digest(event.previous, mac):
            yield f"event {event.seq}: does not follow the one before it"
        if not hmac.compare_digest(event.mac, event.compute_mac()):
            yield f"event {event.seq}: changed since it was recorded"
        seq, mac = event.seq, event.mac
    head = Head.objects.filter(pk=1).first() or Head()
    if (head.seq, head.mac) != (seq, mac):
        yield f"the end: the chain should end at event {head.seq}, it ends at {seq}"
