"""What the office publishes is seen by whom it was published to, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.people import PDF, Cast, publish_to, store

from portaal.domain.accounts import verbs as accounts
from portaal.domain.accounts.models import Membership, User
from portaal.domain.documents.models import Publication, Reading
from portaal.domain.documents.verbs import download, publish, withdraw
from portaal.domain.dossiers.models import Party
from portaal.domain.dossiers.verbs import admit, grant, release
from portaal.domain.files.models import StoredFile
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event

EVERYTHING = {"sanne", "emre", "ties", "anker", "secret", "withdrawn"}
SEES = {
    "marieke": EVERYTHING,
    "joost": EVERYTHING - {"secret"},
    "ina": set(),
    "sanne": {"sanne"},
    "emre": {"emre", "secret"},
    "ties": set(),
    "olga": set(),
    "anker": {"anker"},
    "granted": {"anker"},
    "ungranted": set(),
}


def seen_by(cast: Cast, user: User) -> set[str]:
    names = {publication.pk: name for name, publication in cast.publications.items()}
    return {names[pk] for pk in Publication.objects.visible_to(user).values_list("pk", flat=True)}


def unread(user: User) -> int:
    return Publication.objects.new_to(user).count()


def refused_publish(
    cast: Cast,
    parties: list[Party],
    *,
    by: str = "marieke",
    title: str = "Akte",
    kind: str = "letter",
) -> None:
    dossier = cast.dossiers["purchase"]
    file = store(cast.users["marieke"], dossier)
    before = Publication.objects.count()
    try:
        publish(
            dossier,
            by=cast.users[by],
            file=file,
            title=title,
            tab="documents",
            kind=kind,
            parties=parties,
        )
    finally:
        assert (Publication.objects.count(), StoredFile.objects.get(pk=file.pk).claimed_at) == (
            before,
            None,
        )


def test_everyone_sees_what_was_published_to_them_and_nothing_else(cast: Cast) -> None:
    assert {name: seen_by(cast, user) for name, user in cast.users.items()} == SEES


def test_what_is_new_to_a_login_is_what_it_sees_and_has_not_opened(cast: Cast) -> None:
    download(cast.publications["secret"], by=cast.users["emre"])
    couple = accounts.add_login(
        cast.clients["sanne"], by=SYSTEM, email="emre@example.nl"
    ).user  # one login, two parties
    both = publish_to([cast.parties["sanne"], cast.parties["emre"]], cast.users["marieke"])
    assert set(Publication.objects.new_to(couple)) == {
        cast.publications["sanne"],
        cast.publications["emre"],
        both,
    }
    for user in [user for user in cast.users.values() if not user.is_staff]:
        seen = Publication.objects.visible_to(user).exclude(readings__user=user)
        assert sorted(Publication.objects.new_to(user), key=str) == sorted(seen, key=str)


def test_what_all_logins_have_opened_is_still_new_to_one_that_comes_later(cast: Cast) -> None:
    publication, (anker, granted) = (
        cast.publications["anker"],
        (cast.users["anker"], cast.users["granted"]),
    )
    recipient = publication.recipients.get()
    for name, settled in (("anker", False), ("granted", False), ("ungranted", True)):
        assert recipient.seen_by_all_at is None
        party = cast.parties["anker"]
        if name == "ungranted":
            grant(
                party,
                by=cast.users["marieke"],
                membership=Membership.objects.get(user=cast.users[name]),
            )
        assert (unread(anker), unread(granted)) == (name == "anker", name != "ungranted")
        download(publication, by=cast.users[name])
        recipient.refresh_from_db()
        assert (recipient.seen_by_all_at is not None) is settled
    later = accounts.add_login(cast.clients["anker"], by=SYSTEM, email="later@example.nl").user
    assert (unread(later), unread(anker)) == (1, 0)


def test_a_login_that_was_being_made_while_others_opened_it_finds_it_new(cast: Cast) -> None:
    beside = accounts.add_login(cast.clients["sanne"], by=SYSTEM, email="beside@example.nl")
    Membership.objects.filter(pk=beside.pk).update(
        client=cast.clients["olga"]
    )  # not there yet for who opens
    download(cast.publications["sanne"], by=cast.users["sanne"])
    assert cast.publications["sanne"].recipients.get().seen_by_all_at
    Membership.objects.filter(pk=beside.pk).update(client=cast.clients["sanne"])
    assert unread(beside.user) == 1


def test_what_is_published_to_both_is_seen_by_both(cast: Cast) -> None:
    both = publish_to([cast.parties["sanne"], cast.parties["emre"]], cast.users["marieke"])
    assert [
        Publication.objects.visible_to(cast.users[name]).contains(both)
        for name in ("sanne", "emre", "olga")
    ] == [
        True,
        True,
        False,
    ]


def test_a_party_admitted_later_does_not_see_what_was_published_before(cast: Cast) -> None:
    by = cast.users["marieke"]
    admit(cast.dossiers["purchase"], by=by, client=cast.clients["olga"], role="heir")
    assert seen_by(cast, cast.users["olga"]) == set()


def test_a_party_of_another_dossier_is_refused(cast: Cast) -> None:
    for parties in (
        [cast.parties["anker"]],
        [cast.parties["sanne"], cast.parties["anker"]],
        [cast.parties["ties"]],
        [],
    ):
        with pytest.raises(ValidationError) as refused:
            refused_publish(cast, parties)
        assert list(refused.value.message_dict) == ["parties"]


def test_a_party_released_meanwhile_is_refused(cast: Cast) -> None:
    release(cast.parties["emre"], by=cast.users["marieke"])
    with pytest.raises(ValidationError, match="no longer a party"):
        refused_publish(cast, [cast.parties["sanne"], cast.parties["emre"]])


@pytest.mark.parametrize(
    ("title", "kind"),
    [("", "letter"), ("   ", "letter"), ("x" * 121, "letter"), ("Akte", "parcel")],
)
def test_a_publication_without_a_title_or_kind_is_refused_and_its_file_waits_on(
    cast: Cast, title: str, kind: str
) -> None:
    with pytest.raises(ValidationError):
        refused_publish(cast, [cast.parties["sanne"]], title=title, kind=kind)


@pytest.mark.parametrize("name", ["sanne", "emre", "ina", "joost"])
def test_whoever_does_not_handle_it_or_did_not_send_the_file_cannot_publish(
    cast: Cast, name: str
) -> None:
    with pytest.raises(PermissionDenied):
        refused_publish(cast, [cast.parties["sanne"]], by=name)


def test_a_file_of_ones_own_is_not_enough_to_publish(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        publish_to([cast.parties["sanne"]], cast.users["ina"])


def test_what_is_withdrawn_is_gone_for_the_client_and_kept_for_the_office(cast: Cast) -> None:
    sanne, publication = cast.users["sanne"], cast.publications["sanne"]
    withdraw(publication, by=cast.users["joost"])
    with pytest.raises(PermissionDenied):
        download(publication, by=sanne)
    assert (seen_by(cast, sanne), "sanne" in seen_by(cast, cast.users["joost"])) == (set(), True)


def test_withdrawing_twice_records_once(cast: Cast) -> None:
    before = Event.objects.count()
    for _ in range(2):
        withdraw(cast.publications["sanne"], by=cast.users["marieke"])
    assert Event.objects.count() == before + 1


@pytest.mark.parametrize(
    ("name", "which"), [("sanne", "sanne"), ("emre", "emre"), ("joost", "secret"), ("ina", "sanne")]
)
def test_who_does_not_handle_a_dossier_withdraws_nothing(cast: Cast, name: str, which: str) -> None:
    with pytest.raises(PermissionDenied):
        withdraw(cast.publications[which], by=cast.users[name])


def test_whoever_does_not_see_it_cannot_download_it(cast: Cast) -> None:
    def allowed(act: Callable[[], object]) -> bool:
        try:
            act()
        except PermissionDenied:
            return False
        return True

    got = {
        name: {
            which
            for which, one in cast.publications.items()
            if allowed(lambda one=one, user=user: download(one, by=user))
        }
        for name, user in cast.users.items()
    }
    assert got == SEES


def test_reading_is_noted_for_each_login(cast: Cast) -> None:
    anker, granted = cast.users["anker"], cast.users["granted"]
    download(cast.publications["anker"], by=anker)
    assert (unread(anker), unread(granted)) == (0, 1)


def test_each_download_is_recorded_and_reading_once(cast: Cast) -> None:
    publication, sanne = cast.publications["sanne"], cast.users["sanne"]
    before = Event.objects.count()
    for _ in range(2):
        assert b"".join(download(publication, by=sanne).chunks()) == PDF
    recorded = Event.objects.order_by("-seq")[: Event.objects.count() - before]
    assert [(event.verb, event.actor_id) for event in recorded] == [
        ("documents.download", sanne.pk)
    ] * 2
    assert Reading.objects.filter(publication=publication).count() == 1


def test_a_look_by_the_office_is_not_a_reading(cast: Cast) -> None:
    download(cast.publications["sanne"], by=cast.users["marieke"])
    assert Reading.objects.count() == 0


def test_with_unread_marks_what_this_login_did_not_open(cast: Cast) -> None:
    emre = cast.users["emre"]
    download(cast.publications["emre"], by=emre)
    marked = Publication.objects.visible_to(emre).with_unread(emre).values_list("title", "unread")
    assert dict(marked) == {"Voor emre": False, "Voor secret": True}
