"""Opening, releasing and rescanning the file of every kind of holder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, BinaryIO, NoReturn
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from tests.domain.files.holders import EVERY_HOLDER, READERS
from tests.people import PDF, Cast
from tests.snapshot import restore_cast
from tests.stores import Hands

from portaal.domain.dossiers.verbs import remove_party
from portaal.domain.files import models
from portaal.domain.files.holders import FileHolder
from portaal.domain.files.models import StoredFile
from portaal.domain.files.permissions import NotClean
from portaal.domain.files.verbs import download, download_all, release, rescan, view
from portaal.domain.identity.models import User
from portaal.domain.identity.verbs import add_staff
from portaal.domain.jobs.models import Job
from portaal.domain.jobs.worker import run_due
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.journal.roles import Role
from portaal.domain.keys.crypto import Tampered
from portaal.gateways.blobs import StoreUnavailable

Act = Callable[..., Any]
HARMLESS = ["damaged", "encrypted", "active", "enclosed", "outside"]
HARMFUL = ["found", "unchecked", "macros", "mixed", "unlike", "too_much"]

EACH_OPENING = pytest.mark.parametrize(
    "opening", [download, view, lambda holder, *, by: download_all([holder], by=by)]
)
EACH_DECISION = pytest.mark.parametrize("decision", [release, rescan])


@pytest.fixture
def cast(db: None) -> Cast:
    made = restore_cast()
    Job.objects.all().delete()
    return made


@pytest.fixture(params=EVERY_HOLDER)
def holder(request: pytest.FixtureRequest, cast: Cast) -> FileHolder:
    """Return a holder of each kind; its file is not checked yet."""
    return EVERY_HOLDER[request.param](cast)


@pytest.fixture
def clean(holder: FileHolder) -> FileHolder:
    run_due()
    holder.file.refresh_from_db()
    return holder


@pytest.fixture
def opened(clean: FileHolder, opening: Act) -> FileHolder:
    """Return a clean holder, to be opened; skip what its room does not show inline."""
    if opening is view and not clean.events.viewed:
        pytest.skip("its room has no event of viewing")
    return clean


def put(holder: FileHolder, state: str, reason: str = "") -> None:
    StoredFile.objects.filter(pk=holder.file.pk).update(state=state, reason=reason)
    holder.file.refresh_from_db()


def names_since(before: int) -> list[str]:
    events = Event.objects.order_by("seq")[before:]
    return [event.verb for event in events]


def room(holder: FileHolder) -> str:
    return holder.row._meta.app_label


def is_allowed(act: Act, holder: FileHolder, user: User) -> bool:
    try:
        act(holder, by=user)
    except PermissionDenied:
        return False
    return True


def secretary() -> User:
    email = "secretariaat@kantoor.example.nl"
    return add_staff(by=SYSTEM, roles=[Role.SECRETARY], email=email, surname="Nieuw")


def test_events_of_a_holder_have_the_name_of_its_room(holder: FileHolder) -> None:
    events = [getattr(holder.events, field.name) for field in fields(holder.events)]
    assert {event.name.partition(".")[0] for event in events if event} == {room(holder)}


def test_events_of_a_holder_are_about_its_row(holder: FileHolder) -> None:
    events = [getattr(holder.events, field.name) for field in fields(holder.events)]
    assert {event.about for event in events if event} == {type(holder.row)}


@EACH_OPENING
def test_only_readers_of_a_holder_open_its_file(
    opened: FileHolder, opening: Act, cast: Cast
) -> None:
    readers = {name for name, user in cast.users.items() if is_allowed(opening, opened, user)}
    assert readers == READERS


def test_download_gives_every_byte_and_is_recorded(clean: FileHolder, cast: Cast) -> None:
    before = Event.objects.count()
    assert b"".join(download(clean, by=cast.users["sanne"]).chunks) == PDF
    assert names_since(before) == [clean.events.downloaded.name]
    event = Event.objects.latest("seq")
    assert event.object_id == str(clean.row.pk)
    assert event.dossier == cast.dossiers["purchase"].pk
    assert event.actor_id == cast.users["sanne"].pk
    assert event.details == {}


@pytest.mark.parametrize("opening", [view])
def test_view_gives_every_byte_and_is_recorded(
    opened: FileHolder, opening: Act, cast: Cast
) -> None:
    before = Event.objects.count()
    assert b"".join(opening(opened, by=cast.users["sanne"]).chunks) == PDF
    assert names_since(before) == [f"{room(opened)}.view"]


def test_file_that_its_room_does_not_show_has_no_view(clean: FileHolder, cast: Cast) -> None:
    if clean.events.viewed:
        pytest.skip("its room shows it")
    with pytest.raises(LookupError):
        view(clean, by=cast.users["sanne"])


@EACH_OPENING
@pytest.mark.parametrize("name", sorted(READERS))
@pytest.mark.parametrize(("state", "reason"), [("waiting", ""), ("quarantined", "active")])
def test_nobody_opens_a_file_that_is_not_clean(
    opened: FileHolder, opening: Act, cast: Cast, name: str, state: str, reason: str
) -> None:
    put(opened, state, reason)
    before = Event.objects.count()
    if opening in (download, view):
        with pytest.raises(NotClean):
            opening(opened, by=cast.users[name])
    else:
        assert opening(opened, by=cast.users[name]) == []
    assert names_since(before) == []


@pytest.mark.parametrize("opening", [download, view])
def test_stranger_does_not_learn_that_a_file_is_being_checked(
    opened: FileHolder, opening: Act, cast: Cast
) -> None:
    put(opened, "waiting")
    with pytest.raises(PermissionDenied):
        opening(opened, by=cast.users["olga"])


class AwayStore:
    """A store that does not answer."""

    def open(self, blob_id: UUID) -> NoReturn:
        raise StoreUnavailable("connection refused")


@EACH_OPENING
def test_file_of_a_store_that_is_away_is_not_recorded_as_opened(
    opened: FileHolder, opening: Act, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Event.objects.count()
    monkeypatch.setattr(models, "blobs", AwayStore)
    with pytest.raises(StoreUnavailable):
        opening(opened, by=cast.users["sanne"])
    assert names_since(before) == []


@EACH_OPENING
def test_file_is_not_opened_by_who_lost_access_while_the_store_answered(
    opened: FileHolder, opening: Act, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = models.blobs()

    class SlowStore:
        def open(self, blob_id: UUID) -> BinaryIO:
            if cast.parties["sanne"].removed_at is None:
                remove_party(cast.parties["sanne"], by=cast.users["marieke"])
            return store.open(blob_id)

    before = Event.objects.count()
    monkeypatch.setattr(models, "blobs", SlowStore)
    with pytest.raises(PermissionDenied):
        opening(opened, by=cast.users["sanne"])
    assert names_since(before) == ["dossiers.remove_party"]


@EACH_OPENING
def test_file_without_its_blob_is_not_recorded_as_opened(
    opened: FileHolder, opening: Act, cast: Cast, hands: Hands
) -> None:
    before = Event.objects.count()
    hands.remove(opened.file.pk)
    with pytest.raises(FileNotFoundError):
        opening(opened, by=cast.users["sanne"])
    assert names_since(before) == []


@EACH_OPENING
def test_file_that_was_tampered_with_is_not_recorded_as_opened(
    opened: FileHolder, opening: Act, cast: Cast, hands: Hands
) -> None:
    before, content = Event.objects.count(), bytearray(hands.read(opened.file.pk))
    content[-1] ^= 1
    hands.write(opened.file.pk, bytes(content))
    with pytest.raises(Tampered):
        opening(opened, by=cast.users["sanne"])
    assert names_since(before) == []


def test_file_of_a_zip_that_is_away_leaves_no_event_of_the_others(cast: Cast, hands: Hands) -> None:
    holders = [EVERY_HOLDER[name](cast) for name in sorted(EVERY_HOLDER)]
    run_due()
    for holder in holders:
        holder.file.refresh_from_db()
    before = Event.objects.count()
    hands.remove(holders[-1].file.pk)
    with pytest.raises(FileNotFoundError):
        download_all(holders, by=cast.users["marieke"])
    assert names_since(before) == []


def test_each_file_of_a_zip_is_recorded(cast: Cast) -> None:
    holders = [EVERY_HOLDER[name](cast) for name in sorted(EVERY_HOLDER)]
    run_due()
    for holder in holders:
        holder.file.refresh_from_db()
    put(holders[0], "waiting")
    before = Event.objects.count()
    files = download_all(holders, by=cast.users["marieke"])
    assert files == [holder.file for holder in holders[1:]]
    assert names_since(before) == [f"{room(holder)}.download" for holder in holders[1:]]


def test_files_of_a_zip_are_not_left_open(
    clean: FileHolder, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, blobs = models.blobs(), []

    class WatchedStore:
        def open(self, blob_id: UUID) -> BinaryIO:
            blobs.append(store.open(blob_id))
            return blobs[-1]

    monkeypatch.setattr(models, "blobs", WatchedStore)
    download_all([clean], by=cast.users["marieke"])
    assert [blob.closed for blob in blobs] == [True]


@pytest.mark.parametrize("reason", HARMLESS)
def test_handler_releases_a_possibly_harmless_file_once(
    holder: FileHolder, cast: Cast, reason: str
) -> None:
    put(holder, "quarantined", reason)
    before = Event.objects.count()
    for _ in range(2):
        assert release(holder, by=cast.users["joost"]).is_clean
    assert names_since(before) == [holder.events.released.name]
    event = Event.objects.latest("seq")
    assert event.actor_id == cast.users["joost"].pk
    assert event.details == {"reason": reason}


@pytest.mark.parametrize("reason", HARMFUL)
def test_nobody_releases_a_possibly_harmful_file(
    holder: FileHolder, cast: Cast, reason: str
) -> None:
    put(holder, "quarantined", reason)
    with pytest.raises(PermissionDenied):
        release(holder, by=cast.users["marieke"])
    holder.file.refresh_from_db()
    assert holder.file.state == "quarantined"


def test_harmless_and_harmful_reasons_are_all_reasons() -> None:
    assert sorted([*HARMLESS, *HARMFUL]) == sorted(StoredFile.Reason.values)


def test_release_of_a_waiting_file_changes_nothing(holder: FileHolder, cast: Cast) -> None:
    before = Event.objects.count()
    release(holder, by=cast.users["marieke"])
    holder.file.refresh_from_db()
    assert holder.file.state == "waiting"
    assert names_since(before) == []


def test_handler_rescans_a_file_and_it_is_recorded_once(holder: FileHolder, cast: Cast) -> None:
    put(holder, "quarantined", "found")
    before = Event.objects.count()
    for _ in range(2):
        rescan(holder, by=cast.users["joost"])
    holder.file.refresh_from_db()
    assert holder.file.state == "waiting"
    assert names_since(before) == [holder.events.rescanned.name]
    run_due()
    holder.file.refresh_from_db()
    assert holder.file.is_clean


def test_secretary_rescans_but_does_not_release(holder: FileHolder) -> None:
    put(holder, "quarantined", "active")
    by = secretary()
    with pytest.raises(PermissionDenied):
        release(holder, by=by)
    assert is_allowed(rescan, holder, by)


@EACH_DECISION
def test_only_handlers_of_the_dossier_release_and_rescan(
    holder: FileHolder, decision: Act, cast: Cast
) -> None:
    for name in cast.users.keys() - {"marieke", "joost"}:
        put(holder, "quarantined", "active")
        with pytest.raises(PermissionDenied):
            decision(holder, by=cast.users[name])
        holder.file.refresh_from_db()
        assert holder.file.state == "quarantined"


@EACH_DECISION
@pytest.mark.parametrize("name", EVERY_HOLDER)
def test_handler_who_is_not_assigned_decides_nothing_in_a_confidential_dossier(
    cast: Cast, name: str, decision: Act
) -> None:
    holder = EVERY_HOLDER[name](cast, party="secret")
    put(holder, "quarantined", "active")
    assert not is_allowed(decision, holder, cast.users["joost"])
    assert is_allowed(decision, holder, cast.users["marieke"])


class Careless:
    """A holder of which the room forgot to check anything."""

    def __init__(self, holder: FileHolder) -> None:
        self.events, self.row, self.file = holder.events, holder.row, holder.file
        self.dossier_id = holder.dossier_id

    def may_download(self, user: User) -> bool:
        return True

    may_release = may_rescan = may_download

    def mark_opened(self, user: User) -> None:
        pass


@EACH_DECISION
def test_client_neither_releases_nor_rescans_for_a_careless_room(
    holder: FileHolder, decision: Act, cast: Cast
) -> None:
    put(holder, "quarantined", "active")
    with pytest.raises(PermissionDenied):
        decision(Careless(holder), by=cast.users["sanne"])


@EACH_DECISION
def test_blocked_handler_neither_releases_nor_rescans_for_a_careless_room(
    holder: FileHolder, decision: Act, cast: Cast
) -> None:
    put(holder, "quarantined", "active")
    marieke = cast.users["marieke"]
    marieke.deactivated_at = marieke.password_set_at
    with pytest.raises(PermissionDenied):
        decision(Careless(holder), by=marieke)
