"""Several windows and logins that open the same thing at once."""

from __future__ import annotations

from tests.domain.reading.rooms import Room, logins_of
from tests.domain.together import at_once
from tests.people import Cast

from portaal.domain.clients.verbs import add_login
from portaal.domain.journal.actors import SYSTEM


def test_two_windows_at_once_add_one_reading(committed_cast: Cast, room: Room) -> None:
    shown, sanne = room.show(committed_cast, "sanne"), committed_cast.users["sanne"]
    assert at_once(*[lambda: room.open(shown, by=sanne)] * 5) == [None] * 5
    assert room.readings.objects.filter(opened=shown).count() == 1
    assert room.is_marked(shown)


def test_two_logins_at_once_add_a_reading_each(committed_cast: Cast, room: Room) -> None:
    cast = committed_cast
    add_login(cast.clients["sanne"], by=SYSTEM, email="beside@example.nl")
    shown, logins = room.show(cast, "sanne"), logins_of(cast, "sanne")
    first, second = logins
    acts = [lambda: room.open(shown, by=first), lambda: room.open(shown, by=second)]
    assert at_once(*acts) == [None, None]
    assert room.is_new(shown, first, second) == [False, False]
    assert room.is_marked(shown)
