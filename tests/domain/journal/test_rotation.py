"""The chain can get another key; an old key verifies its events and seals no new ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from tests import triggers
from tests.domain.together import at_once

from portaal.domain.clients.verbs import add_client
from portaal.domain.journal.actors import ANONYMOUS, SYSTEM
from portaal.domain.journal.chain import find_breaks
from portaal.domain.journal.events import KEY_ROTATED
from portaal.domain.journal.models import FORMAT, Event, Head
from portaal.domain.journal.verbs import rotate
from portaal.gateways.keyring import Keyring, keyring


@pytest.fixture
def ring(settings: Any, tmp_path: Path) -> Path:
    settings.KEYS_FILE = tmp_path / "keys"
    Keyring.make(settings.KEYS_FILE)
    return settings.KEYS_FILE


@pytest.fixture
def rotated(committed_db: None, ring: Path) -> None:
    """Record events 1 and 2 with the first key, 3 (the rotation) and 4 with the second."""
    add_clients("Een", "Twee")
    rotate(by=SYSTEM)
    add_clients("Vier")


def add_clients(*surnames: str) -> None:
    for surname in surnames:
        add_client(by=SYSTEM, surname=surname)


def seal_again(*events: Event, key_id: str, previous: str) -> None:
    """Write events into the table as somebody would who has the key `key_id`."""
    for event in events:
        event.key_id, event.previous = key_id, previous
        event.mac = previous = event.compute_mac()
        event.save()
    Head.objects.update(seq=events[-1].seq, mac=previous, key_id=key_id)


def test_events_after_a_rotation_are_sealed_with_the_new_key(rotated: None) -> None:
    assert list(Event.objects.order_by("seq").values_list("key_id", flat=True)) == [
        "journal",
        "journal",
        "journal-2",
        "journal-2",
    ]
    assert set(Event.objects.values_list("format", flat=True)) == {FORMAT}


def test_chain_is_verified_across_rotations(rotated: None) -> None:
    rotate(by=SYSTEM)
    add_clients("Zes")
    assert keyring().journal_keys() == ["journal", "journal-2", "journal-3"]
    call_command("journal", "verify")


def test_command_rotates_the_key_of_the_chain(committed_db: None, ring: Path) -> None:
    call_command("keys", "rotate")
    assert Event.objects.get().verb == KEY_ROTATED.name
    assert Head.objects.get().key_id == "journal-2"
    call_command("journal", "verify")


def test_only_the_portal_itself_rotates(db: None, ring: Path) -> None:
    with pytest.raises(PermissionDenied):
        rotate(by=ANONYMOUS)
    assert keyring().journal_keys() == ["journal"]


@pytest.mark.parametrize("seq", [1, 2, 3, 4])
def test_changed_event_is_found_on_both_sides_of_a_rotation(rotated: None, seq: int) -> None:
    triggers.drop(connection)
    Event.objects.filter(seq=seq).update(actor_kind="anonymous")
    assert list(find_breaks()) == [f"event {seq}: changed since it was recorded"]


def test_changed_key_or_format_of_an_event_is_found(rotated: None) -> None:
    triggers.drop(connection)
    for seq, fields in ((2, {"format": 2}), (4, {"format": 3})):
        Event.objects.filter(seq=seq).update(**fields)
    assert list(find_breaks()) == [
        "event 2: changed since it was recorded",
        "event 4: changed since it was recorded",
    ]


def test_old_key_is_refused_for_a_new_event(rotated: None) -> None:
    """Somebody with the old key of the journal adds an event at the end."""
    triggers.drop(connection)
    forged = Event.objects.get(seq=4)
    forged.seq = 5
    seal_again(forged, key_id="journal", previous=Event.objects.get(seq=4).mac)
    assert list(find_breaks()) == [
        "event 5: sealed with journal, which journal-2 had replaced",
        "the end: no event is sealed with journal-2; `portaal keys rotate` corrects that",
    ]


def test_old_key_cannot_undo_the_rotation(rotated: None) -> None:
    """Somebody with the old key rewrites every event from the rotation on."""
    triggers.drop(connection)
    events = Event.objects.filter(seq__gt=2).order_by("seq")
    seal_again(*events, key_id="journal", previous=Event.objects.get(seq=2).mac)
    assert list(find_breaks()) == [
        "the end: no event is sealed with journal-2; `portaal keys rotate` corrects that"
    ]


def test_genuine_event_does_not_hide_an_undone_rotation(rotated: None) -> None:
    triggers.drop(connection)
    Event.objects.filter(seq__gt=2).delete()
    Head.objects.update(seq=2, mac=Event.objects.get(seq=2).mac, key_id="journal-2")
    add_clients("Drie")
    assert list(find_breaks()) == ["event 3: begins with journal-2 unannounced"]


def test_event_of_a_lost_key_is_reported(rotated: None, ring: Path) -> None:
    lines = ring.read_text().splitlines(keepends=True)
    ring.write_text("".join(line for line in lines if not line.startswith("journal-2 ")))
    with pytest.raises(CommandError):
        call_command("journal", "verify")
    assert "event 4: its key 'journal-2' is not in the keyring" in [*find_breaks()]


def test_process_without_the_new_key_records_nothing(rotated: None, ring: Path) -> None:
    lines = ring.read_text().splitlines(keepends=True)
    ring.write_text("".join(line for line in lines if not line.startswith("journal-2 ")))
    with pytest.raises(KeyError):
        add_clients("Vijf")
    assert Event.objects.count() == 4


def test_rotation_that_failed_is_repeated_with_another_key(committed_db: None, ring: Path) -> None:
    """A power cut between the file and the commit leaves a key that seals nothing."""
    add_clients("Een")
    keyring().add_journal_key(ring)
    assert list(find_breaks()) == [
        "the end: no event is sealed with journal-2; `portaal keys rotate` corrects that"
    ]
    rotate(by=SYSTEM)
    assert list(find_breaks()) == []


def test_first_event_of_a_new_database_has_the_newest_key(committed_db: None, ring: Path) -> None:
    keyring().add_journal_key(ring)
    Head.objects.all().delete()
    add_clients("Een")
    assert list(find_breaks()) == []


def test_events_recorded_during_a_rotation_are_whole(committed_db: None, ring: Path) -> None:
    add_clients("Een")
    at_once(*[lambda: add_clients("Twee", "Drie"), lambda: rotate(by=SYSTEM)])
    assert Event.objects.count() == 4
    assert list(find_breaks()) == []
