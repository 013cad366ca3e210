"""The database rejects changes of the journal; the chain shows those made without it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from tests import triggers

from portaal.domain.clients.verbs import add_client
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.chain import find_breaks
from portaal.domain.journal.models import Event


def record_four() -> None:
    for surname in ("Een", "Twee", "Drie", "Vier"):
        add_client(by=SYSTEM, surname=surname)


def move(seq: int, to: int) -> None:
    Event.objects.filter(seq=seq).update(seq=to)


def edit_the_verb() -> None:
    Event.objects.filter(seq=2).update(verb="identity.block")


def edit_the_details() -> None:
    Event.objects.filter(seq=2).update(details={"access": "none"})


def edit_the_actor_kind() -> None:
    Event.objects.filter(seq=2).update(actor_kind="anonymous")


def delete_one() -> None:
    Event.objects.filter(seq=2).delete()


def cut_off_the_end() -> None:
    Event.objects.filter(seq=4).delete()


def delete_all() -> None:
    Event.objects.all().delete()


def reorder() -> None:
    move(2, 99)
    move(3, 2)
    move(99, 3)


def insert() -> None:
    move(4, 5)
    move(3, 4)
    before, forged = Event.objects.get(seq=2), Event.objects.get(seq=2)
    forged.seq, forged.previous = 3, before.mac
    forged.save(force_insert=True)


def add_to_the_end() -> None:
    last = Event.objects.get(seq=4)
    last.seq, last.previous = 5, last.mac
    last.mac = last.compute_mac()
    last.save(force_insert=True)


CHANGED = "event {}: changed since it was recorded"
LOOSE = "event {}: does not follow the one before it"
TAMPERINGS: list[tuple[Callable[[], None], list[str]]] = [
    (edit_the_verb, [CHANGED.format(2)]),
    (edit_the_details, [CHANGED.format(2)]),
    (edit_the_actor_kind, [CHANGED.format(2)]),
    (delete_one, ["event 2: missing (the next one is 3)"]),
    (cut_off_the_end, ["the end: the chain should end at event 4, it ends at 3"]),
    (delete_all, ["the end: the chain should end at event 4, it ends at 0"]),
    (
        reorder,
        [LOOSE.format(2), CHANGED.format(2), LOOSE.format(3), CHANGED.format(3), LOOSE.format(4)],
    ),
    (
        insert,
        [
            CHANGED.format(3),
            CHANGED.format(4),
            CHANGED.format(5),
            "the end: the chain should end at event 4, it ends at 5",
        ],
    ),
    (add_to_the_end, ["the end: the chain should end at event 4, it ends at 5"]),
]


def test_untouched_chain_has_no_breaks(db: None) -> None:
    record_four()
    assert list(find_breaks()) == []


@pytest.mark.parametrize(
    ("tamper", "breaks"), TAMPERINGS, ids=lambda value: getattr(value, "__name__", "")
)
def test_chain_shows_every_kind_of_tampering(
    committed_db: None, tamper: Callable[[], None], breaks: list[str]
) -> None:
    record_four()
    triggers.drop(connection)
    tamper()
    assert list(find_breaks()) == breaks


def test_command_passes_a_whole_chain_and_fails_on_a_break(committed_db: None) -> None:
    record_four()
    call_command("journal", "verify")
    triggers.drop(connection)
    delete_one()
    with pytest.raises(CommandError):
        call_command("journal", "verify")


@pytest.mark.parametrize("tamper", [edit_the_verb, delete_one])
def test_database_refuses_to_change_an_event(db: None, tamper: Callable[[], None]) -> None:
    record_four()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        tamper()
    assert list(find_breaks()) == []


def test_database_refuses_to_truncate_the_journal(committed_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    record_four()
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {triggers.TABLE} CASCADE")
    assert list(find_breaks()) == []
