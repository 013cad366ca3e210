"""Verification of the hash chain: finds edited, removed, inserted and reordered events.

Finds events sealed with a key that was rotated out, too: someone who has an old key of the journal
cannot add events with it, nor undo the rotation.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from portaal.gateways.keyring import keyring

from .events import KEY_ROTATED
from .models import FIRST_MAC, FORMAT, Event, Head


def find_breaks() -> Iterator[str]:
    """Describe every break in the chain, in order. Streams the table."""
    keys = keyring().journal_keys()
    seq, mac, key_id = 0, FIRST_MAC, ""
    for event in Event.objects.order_by("seq").iterator(chunk_size=2000):
        if event.seq != seq + 1:
            yield f"event {seq + 1}: missing (the next one is {event.seq})"
        elif not hmac.compare_digest(event.previous, mac):
            yield f"event {event.seq}: does not follow the one before it"
        if problem := _problem_of(event, keys, key_id):
            yield f"event {event.seq}: {problem}"
        seq, mac, key_id = event.seq, event.mac, event.key_id
    head = Head.objects.filter(pk=1).first() or Head()
    if (head.seq, head.mac) != (seq, mac):
        yield f"the end: the chain should end at event {head.seq}, it ends at {seq}"
    if seq and key_id != keys[-1]:
        yield f"the end: no event is sealed with {keys[-1]}; `portaal keys rotate` corrects that"


def _problem_of(event: Event, keys: list[str], previous_key: str) -> str:
    """Describe a wrong MAC or key of one event; empty if both are right."""
    if event.key_id not in keys:
        return f"its key {event.key_id!r} is not in the keyring"
    if not 1 <= event.format <= FORMAT or not hmac.compare_digest(event.mac, event.compute_mac()):
        return "changed since it was recorded"
    if not previous_key or event.key_id == previous_key:
        return ""
    if previous_key in keys and keys.index(event.key_id) < keys.index(previous_key):
        return f"sealed with {event.key_id}, which {previous_key} had replaced"
    return "" if event.verb == KEY_ROTATED.name else f"begins with {event.key_id} unannounced"
