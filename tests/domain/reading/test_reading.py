"""Read marks: the same for everything that the office shows to parties."""

from __future__ import annotations

from django.utils import timezone
from tests.domain.reading.rooms import Documents, Messaging, Room, logins_of
from tests.people import Cast, publish_to

from portaal.domain.clients.models import Membership
from portaal.domain.clients.verbs import add_login
from portaal.domain.documents.holders import PublicationFile
from portaal.domain.documents.models import Publication, Recipient
from portaal.domain.documents.verbs import withdraw
from portaal.domain.dossiers.models import Access, Party
from portaal.domain.dossiers.verbs import grant, remove_party
from portaal.domain.files.verbs import download
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.messaging.verbs import read, send


def test_thing_opened_by_one_login_stays_new_to_another(cast: Cast, room: Room) -> None:
    anker, granted = cast.users["anker"], cast.users["granted"]
    shown = room.show(cast, "anker")
    assert room.is_new(shown, anker, granted) == [True, True]
    room.open(shown, by=anker)
    assert room.is_new(shown, anker, granted) == [False, True]


def test_thing_opened_twice_has_one_reading_of_login(cast: Cast, room: Room) -> None:
    shown = room.show(cast, "sanne")
    for _ in range(2):
        room.open(shown, by=cast.users["sanne"])
    assert room.readings.objects.get(opened=shown).user == cast.users["sanne"]


def test_new_to_login_is_visible_and_unread(cast: Cast, room: Room) -> None:
    # Emre's login gets a membership of Sanne too: one login for two parties.
    add_login(cast.clients["sanne"], by=SYSTEM, email="emre@example.nl")
    clients = [user for user in cast.users.values() if not user.is_staff]
    shown = {name: room.show(cast, name) for name in ("sanne", "emre", "secret", "anker")}
    for name, reader in (("anker", "anker"), ("secret", "emre"), ("sanne", "emre")):
        assert room.is_new(shown[name], cast.users[reader]) == [True]
        room.open(shown[name], by=cast.users[reader])
        for user in clients:
            visible = room.model.objects.visible_to(user)
            assert room.new_to(user) == set(visible.unread_by(user))
            assert room.new_to(user) == {row for row in visible.with_unread(user) if row.unread}


def test_mark_is_set_when_last_login_opens(cast: Cast, room: Room) -> None:
    shown = room.show(cast, "anker")
    membership = Membership.objects.get(user=cast.users["ungranted"])
    grant(cast.parties["anker"], by=cast.users["marieke"], membership=membership)
    marked = []
    for user in logins_of(cast, "anker"):
        room.open(shown, by=user)
        marked.append(room.is_marked(shown))
    assert marked == [False, False, True]


def test_login_without_grant_prevents_mark_and_sees_thing_after_grant(
    cast: Cast, room: Room
) -> None:
    shown, ungranted = room.show(cast, "anker"), cast.users["ungranted"]
    for name in ("anker", "granted"):
        room.open(shown, by=cast.users[name])
    assert not room.is_marked(shown)
    membership = Membership.objects.get(user=ungranted)
    grant(cast.parties["anker"], by=cast.users["marieke"], membership=membership)
    assert room.is_new(shown, ungranted) == [True]


def test_login_with_ended_membership_prevents_mark_and_sees_thing_when_it_returns(
    cast: Cast, room: Room
) -> None:
    beside = add_login(cast.clients["sanne"], by=SYSTEM, email="beside@example.nl")
    Membership.objects.filter(pk=beside.pk).update(ended_at=timezone.now())
    shown = room.show(cast, "sanne")
    room.open(shown, by=cast.users["sanne"])
    assert room.is_new(shown, beside.user) == [False]
    assert not room.is_marked(shown)
    add_login(cast.clients["sanne"], by=SYSTEM, email="beside@example.nl")
    assert room.is_new(shown, beside.user) == [True]


def test_marked_thing_is_new_to_later_login(cast: Cast, room: Room) -> None:
    shown, sanne = room.show(cast, "sanne"), cast.users["sanne"]
    room.open(shown, by=sanne)
    assert room.is_marked(shown)
    later = add_login(cast.clients["sanne"], by=SYSTEM, email="later@example.nl").user
    assert room.is_new(shown, sanne, later) == [False, True]
    room.open(shown, by=later)
    assert room.is_new(shown, sanne, later) == [False, False]


def test_marked_thing_is_new_to_existing_login_of_another_client(cast: Cast, room: Room) -> None:
    shown, olga = room.show(cast, "sanne"), cast.users["olga"]
    room.open(shown, by=cast.users["sanne"])
    add_login(cast.clients["sanne"], by=SYSTEM, email=olga.email)
    assert room.is_new(shown, olga) == [True]


def test_marked_thing_is_new_to_login_created_concurrently(cast: Cast, room: Room) -> None:
    shown = room.show(cast, "sanne")
    beside = add_login(cast.clients["sanne"], by=SYSTEM, email="beside@example.nl")
    # Stand-in for a transaction that is not committed yet: the mark does not see the membership.
    Membership.objects.filter(pk=beside.pk).update(client=cast.clients["olga"])
    room.open(shown, by=cast.users["sanne"])
    assert room.is_marked(shown)
    Membership.objects.filter(pk=beside.pk).update(client=cast.clients["sanne"])
    assert room.is_new(shown, beside.user) == [True]


def test_thing_of_removed_party_is_not_new(cast: Cast, room: Room) -> None:
    shown, sanne = room.show(cast, "sanne"), cast.users["sanne"]
    assert room.is_new(shown, sanne) == [True]
    remove_party(cast.parties["sanne"], by=cast.users["marieke"])
    assert room.is_new(shown, sanne) == [False]


def test_thing_of_party_without_access_is_not_new(cast: Cast, room: Room) -> None:
    shown, sanne = room.show(cast, "sanne"), cast.users["sanne"]
    assert room.is_new(shown, sanne) == [True]
    Party.objects.filter(pk=cast.parties["sanne"].pk).update(access=Access.NONE)
    assert room.is_new(shown, sanne) == [False]


def test_message_to_party_with_documents_only_is_not_new(cast: Cast) -> None:
    room, sanne = Messaging(), cast.users["sanne"]
    message = room.show(cast, "sanne")
    assert room.is_new(message, sanne) == [True]
    Party.objects.filter(pk=cast.parties["sanne"].pk).update(access=Access.DOCUMENTS)
    assert room.is_new(message, sanne) == [False]


def test_withdrawn_publication_is_not_new(cast: Cast) -> None:
    room, sanne = Documents(), cast.users["sanne"]
    publication = room.show(cast, "sanne")
    assert room.is_new(publication, sanne) == [True]
    withdraw(publication, by=cast.users["marieke"])
    assert room.is_new(publication, sanne) == [False]


def test_mark_of_publication_is_set_for_each_party_apart(cast: Cast) -> None:
    parties = [cast.parties["sanne"], cast.parties["emre"]]
    publication = publish_to(parties, cast.users["marieke"])
    download(PublicationFile(publication), by=cast.users["sanne"])
    marked = Recipient.objects.filter(publication=publication).exclude(seen_by_all_at=None)
    assert marked.get().party == cast.parties["sanne"]
    assert publication in Publication.objects.new_to(cast.users["emre"])


def test_reading_by_staff_sets_no_mark(cast: Cast) -> None:
    asked = send(cast.dossiers["purchase"], by=cast.users["sanne"], subject="Vraag", body="Beste,")
    read(asked, by=cast.users["marieke"])
    asked.refresh_from_db()
    assert asked.readings.get().user == cast.users["marieke"]
    assert asked.seen_by_all_at is None
