"""Old and new values of a correction: sealed beside its event, erased with their vault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.people import Cast
from tests.snapshot import restore_cast

from portaal.domain.clients.models import Client
from portaal.domain.clients.verbs import add_client, register_client
from portaal.domain.dossiers.events import APPOINTMENT_SET
from portaal.domain.dossiers.verbs import set_appointment
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.chain import find_breaks
from portaal.domain.journal.models import Event
from portaal.domain.journal.recording import record
from portaal.domain.journal.registry import EVENT_TYPES, EventType
from portaal.domain.keys.crypto import Tampered
from portaal.domain.keys.models import Change, Vault, values_of
from portaal.domain.keys.verbs import destroy

FIRST, SECOND = datetime(2026, 12, 1, 9, 30, tzinfo=UTC), datetime(2026, 12, 2, 13, 0, tzinfo=UTC)


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


@pytest.fixture
def corrected(db: None) -> Iterator[EventType]:
    """Declare a correction of a client for the time of a test."""
    declared = EventType("clients.correct_in_test", Client, changes=("surname",))
    yield declared
    del EVENT_TYPES[declared.name]


def set_twice(cast: Cast) -> list[Change]:
    for at in (FIRST, SECOND):
        set_appointment(cast.dossiers["purchase"], by=cast.users["marieke"], at=at)
    return list(Change.objects.order_by("event"))


def test_correction_keeps_old_and_new_value(cast: Cast) -> None:
    assert [change.values for change in set_twice(cast)] == [
        {"appointment_at": (None, FIRST)},
        {"appointment_at": (FIRST, SECOND)},
    ]


def test_old_value_is_read_from_the_database(cast: Cast) -> None:
    """A colleague's page of a minute ago does not hold the value that is replaced."""
    stale = type(cast.dossiers["purchase"]).objects.get(pk=cast.dossiers["purchase"].pk)
    set_appointment(cast.dossiers["purchase"], by=cast.users["marieke"], at=FIRST)
    set_appointment(stale, by=cast.users["marieke"], at=SECOND)
    assert Change.objects.latest("event").values == {"appointment_at": (FIRST, SECOND)}


def test_same_value_again_is_no_correction(cast: Cast) -> None:
    for _ in range(2):
        set_appointment(cast.dossiers["purchase"], by=cast.users["marieke"], at=FIRST)
    assert Change.objects.count() == 1


def test_event_and_row_hold_no_value(cast: Cast) -> None:
    change = set_twice(cast)[1]
    assert change.event.details == {}
    assert b"2026" not in bytes(change.sealed)


def test_values_of_one_event_cannot_be_moved_to_another(cast: Cast) -> None:
    first, second = set_twice(cast)
    first.sealed = second.sealed
    with pytest.raises(Tampered):
        _ = first.values


def test_values_are_erased_with_the_vault_and_the_event_stays(cast: Cast) -> None:
    set_twice(cast)
    destroy(cast.dossiers["purchase"].vault, by=SYSTEM)
    assert Change.objects.count() == 0
    assert Event.objects.filter(verb=APPOINTMENT_SET.name).count() == 2
    assert list(find_breaks()) == []


def test_values_restored_from_a_backup_do_not_open_without_the_vault(cast: Cast) -> None:
    changes = set_twice(cast)
    destroy(cast.dossiers["purchase"].vault, by=SYSTEM)
    Change.objects.bulk_create(changes)
    assert values_of([change.event for change in changes]) == {}
    with pytest.raises(Tampered):
        _ = Change.objects.get(event=changes[0].event_id).values


def test_vault_of_another_dossier_keeps_its_values(cast: Cast) -> None:
    set_twice(cast)
    destroy(cast.dossiers["holding"].vault, by=SYSTEM)
    assert Change.objects.count() == 2


def test_change_of_an_undeclared_field_is_refused(cast: Cast) -> None:
    event = record(APPOINTMENT_SET, cast.dossiers["purchase"], by=SYSTEM)
    with pytest.raises(TypeError, match="other fields"):
        Change.objects.add(event, cast.dossiers["purchase"].vault, number=("1", "2"))


def test_events_without_corrections_cost_no_query(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    events = list(Event.objects.all())
    with django_assert_num_queries(0):
        assert values_of(events) == {}


@pytest.mark.parametrize("add", [add_client, register_client])
def test_new_client_has_a_vault_of_its_own(db: None, add) -> None:  # type: ignore[no-untyped-def]
    facts = {"invited": False} if add is register_client else {}
    one, other = (add(by=SYSTEM, surname=name, **facts) for name in ("Een", "Ander"))
    assert one.vault is not None
    assert one.vault != other.vault


def test_client_of_before_vaults_gets_one_once(db: None) -> None:
    client = Client.objects.create(surname="Oud")
    stale = Client.objects.get(pk=client.pk)
    assert client.own_vault() == stale.own_vault()
    assert Vault.objects.count() == 1


def test_correction_of_a_client_is_erased_with_its_vault(corrected: EventType) -> None:
    client = add_client(by=SYSTEM, surname="Oud")
    event = record(corrected, client, by=SYSTEM)
    Change.objects.add(event, client.own_vault(), surname=("Oud", "Nieuw"))
    assert values_of([event]) == {event.seq: {"surname": ("Oud", "Nieuw")}}
    destroy(client.own_vault(), by=SYSTEM)
    assert values_of([event]) == {}
