"""Publications: visibility, publishing, withdrawing, downloading and readings."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.people import PDF, Cast, publish_to, store

from portaal.domain.documents.holders import PublicationFile
from portaal.domain.documents.models import Publication, Reading
from portaal.domain.documents.verbs import publish, withdraw
from portaal.domain.dossiers.models import Access, Party
from portaal.domain.dossiers.verbs import admit, remove_party
from portaal.domain.files import verbs as files
from portaal.domain.files.models import StoredFile
from portaal.domain.files.verbs import download
from portaal.domain.identity.models import User
from portaal.domain.journal.models import Event
from portaal.gateways.blobs import StoreUnavailable

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
        assert Publication.objects.count() == before
        assert StoredFile.objects.get(pk=file.pk).claimed_at is None


def test_each_user_sees_only_publications_for_them(cast: Cast) -> None:
    assert {name: seen_by(cast, user) for name, user in cast.users.items()} == SEES


def test_party_without_access_sees_no_publication(cast: Cast) -> None:
    assert seen_by(cast, cast.users["sanne"]) == {"sanne"}
    Party.objects.filter(pk=cast.parties["sanne"].pk).update(access=Access.NONE)
    assert seen_by(cast, cast.users["sanne"]) == set()


def test_publication_to_two_parties_is_visible_to_both(cast: Cast) -> None:
    both = publish_to([cast.parties["sanne"], cast.parties["emre"]], cast.users["marieke"])
    assert [
        Publication.objects.visible_to(cast.users[name]).contains(both)
        for name in ("sanne", "emre", "olga")
    ] == [
        True,
        True,
        False,
    ]


def test_later_party_does_not_see_earlier_publications(cast: Cast) -> None:
    by = cast.users["marieke"]
    admit(cast.dossiers["purchase"], by=by, client=cast.clients["olga"], role="heir")
    assert seen_by(cast, cast.users["olga"]) == set()


def test_publishing_to_foreign_removed_or_no_party_is_refused(cast: Cast) -> None:
    for parties in (
        [cast.parties["anker"]],
        [cast.parties["sanne"], cast.parties["anker"]],
        [cast.parties["ties"]],
        [],
    ):
        with pytest.raises(ValidationError) as refused:
            refused_publish(cast, parties)
        assert list(refused.value.message_dict) == ["parties"]


def test_publishing_to_just_removed_party_is_refused(cast: Cast) -> None:
    remove_party(cast.parties["emre"], by=cast.users["marieke"])
    with pytest.raises(ValidationError, match="no longer a party"):
        refused_publish(cast, [cast.parties["sanne"], cast.parties["emre"]])


@pytest.mark.parametrize(
    ("title", "kind"),
    [("", "letter"), ("   ", "letter"), ("x" * 121, "letter"), ("Akte", "parcel")],
)
def test_publication_with_invalid_title_or_kind_leaves_file_pending(
    cast: Cast, title: str, kind: str
) -> None:
    with pytest.raises(ValidationError):
        refused_publish(cast, [cast.parties["sanne"]], title=title, kind=kind)


@pytest.mark.parametrize("name", ["sanne", "emre", "ina", "joost"])
def test_user_without_dossier_or_own_file_cannot_publish(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        refused_publish(cast, [cast.parties["sanne"]], by=name)


def test_account_manager_with_own_file_cannot_publish(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        publish_to([cast.parties["sanne"]], cast.users["ina"])


def test_withdrawn_publication_is_visible_to_office_only(cast: Cast) -> None:
    sanne, publication = cast.users["sanne"], cast.publications["sanne"]
    withdraw(publication, by=cast.users["joost"])
    with pytest.raises(PermissionDenied):
        download(PublicationFile(publication), by=sanne)
    assert seen_by(cast, sanne) == set()
    assert "sanne" in seen_by(cast, cast.users["joost"])


def test_withdrawing_twice_records_one_event(cast: Cast) -> None:
    before = Event.objects.count()
    for _ in range(2):
        withdraw(cast.publications["sanne"], by=cast.users["marieke"])
    assert Event.objects.count() == before + 1


@pytest.mark.parametrize(
    ("name", "which"), [("sanne", "sanne"), ("emre", "emre"), ("joost", "secret"), ("ina", "sanne")]
)
def test_user_without_dossier_cannot_withdraw(cast: Cast, name: str, which: str) -> None:
    with pytest.raises(PermissionDenied):
        withdraw(cast.publications[which], by=cast.users[name])


def test_each_user_downloads_only_visible_publications(cast: Cast) -> None:
    def allowed(act: Callable[[], object]) -> bool:
        try:
            act()
        except PermissionDenied:
            return False
        return True

    holders = {title: PublicationFile(row) for title, row in cast.publications.items()}
    downloaded = {
        name: {
            title
            for title, holder in holders.items()
            if allowed(lambda holder=holder, user=user: download(holder, by=user))
        }
        for name, user in cast.users.items()
    }
    assert downloaded == SEES


def test_each_download_is_recorded_but_one_reading(cast: Cast) -> None:
    publication, sanne = cast.publications["sanne"], cast.users["sanne"]
    before = Event.objects.count()
    for _ in range(2):
        assert b"".join(download(PublicationFile(publication), by=sanne).chunks) == PDF
    recorded = Event.objects.order_by("-seq")[: Event.objects.count() - before]
    assert [(event.verb, event.actor_id) for event in recorded] == [
        ("documents.download", sanne.pk)
    ] * 2
    assert Reading.objects.filter(opened=publication).count() == 1


def test_download_that_is_not_recorded_leaves_no_reading(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def record(*_: object, **__: object) -> NoReturn:
        assert Reading.objects.count() == 1
        raise OSError("the disk is full")

    monkeypatch.setattr(files, "record", record)
    with pytest.raises(OSError, match="full"):
        download(PublicationFile(cast.publications["sanne"]), by=cast.users["sanne"])
    assert Reading.objects.count() == 0


def test_publication_of_a_store_that_is_away_stays_unread(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chunks(_file: StoredFile) -> NoReturn:
        raise StoreUnavailable("connection refused")

    monkeypatch.setattr(StoredFile, "chunks", chunks)
    with pytest.raises(StoreUnavailable):
        download(PublicationFile(cast.publications["sanne"]), by=cast.users["sanne"])
    assert Reading.objects.count() == 0


def test_download_by_office_is_no_reading(cast: Cast) -> None:
    download(PublicationFile(cast.publications["sanne"]), by=cast.users["marieke"])
    assert Reading.objects.count() == 0


def test_with_unread_marks_unopened_publications_of_login(cast: Cast) -> None:
    emre = cast.users["emre"]
    download(PublicationFile(cast.publications["emre"]), by=emre)
    marked = Publication.objects.visible_to(emre).with_unread(emre).values_list("title", "unread")
    assert dict(marked) == {"Voor emre": False, "Voor secret": True}
