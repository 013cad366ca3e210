"""A verb is atomic, records one event, and runs once for a repeated submission."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.domain.together import at_once
from tests.people import Cast, open_dossier, store
from tests.snapshot import restore_cast

from portaal.domain.clients.events import CLIENT_ADDED
from portaal.domain.clients.models import Client
from portaal.domain.clients.verbs import add_client
from portaal.domain.context import Request, current_request
from portaal.domain.documents.models import Publication
from portaal.domain.documents.verbs import publish
from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.dossiers.verbs import admit, remove_party
from portaal.domain.dossiers.verbs import open_dossier as open_dossier_verb
from portaal.domain.identity.models import User
from portaal.domain.identity.verbs import add_staff, block, choose_language
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.chain import find_breaks
from portaal.domain.journal.models import Event, Head
from portaal.domain.journal.recording import (
    DuplicateSubmission,
    event_recorded,
    record,
    verb,
)


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def verbs_since(seq: int) -> list[str]:
    return list(Event.objects.filter(seq__gt=seq).order_by("seq").values_list("verb", flat=True))


def last_seq() -> int:
    return Head.objects.get(pk=1).seq


def add_marieke() -> User:
    return add_staff(
        by=SYSTEM, roles=["handler"], email="marieke@kantoor.example.nl", surname="Vos"
    )


def test_verb_records_one_event_and_its_repeat_none(cast: Cast) -> None:
    before = last_seq()
    for _ in range(2):
        choose_language(cast.users["sanne"], by=cast.users["sanne"], language="en")
        remove_party(cast.parties["emre"], by=cast.users["marieke"])
        block(cast.users["olga"], by=cast.users["ina"])
    assert verbs_since(before) == [
        "identity.choose_language",
        "dossiers.remove_party",
        "identity.block",
    ]


def test_cast_leaves_a_chain_without_breaks(cast: Cast) -> None:
    assert list(find_breaks()) == []


def test_event_holds_actor_verb_object_and_request(db: None) -> None:
    user = add_marieke()
    token = current_request.set(Request(id="req-1"))
    client = add_client(by=user, surname="Test")
    current_request.reset(token)
    event = Event.objects.get(seq=last_seq())
    assert event.actor == user
    assert event.actor_kind == "user"
    assert event.verb == "clients.add_client"
    assert event.object_kind == "clients.client"
    assert event.object_id == str(client.pk)
    assert event.request_id == "req-1"


def test_failing_verb_leaves_no_event_and_no_rows(db: None) -> None:
    @verb
    def fails(*, by: object) -> None:
        client = Client.objects.create(surname="Half")
        record(CLIENT_ADDED, client, by=SYSTEM)
        raise OSError

    with pytest.raises(OSError):
        fails(by=SYSTEM)
    assert not Client.objects.exists()
    assert not Event.objects.exists()
    assert list(find_breaks()) == []


def test_failing_receiver_rolls_the_act_back(db: None) -> None:
    def fail(event: Event, **_: object) -> None:
        raise OSError

    event_recorded.connect(fail)
    try:
        with pytest.raises(OSError):
            add_client(by=SYSTEM, surname="Half")
    finally:
        event_recorded.disconnect(fail)
    assert not Client.objects.exists()
    assert not Event.objects.exists()


def test_repeated_submission_returns_the_first_result(db: None) -> None:
    user, submission = add_marieke(), uuid4()
    first, again = (add_client(by=user, surname="Test", submission=submission) for _ in range(2))
    assert again == first
    assert Client.objects.count() == 1


def test_repeat_with_other_content_is_refused(db: None) -> None:
    user, submission = add_marieke(), uuid4()
    add_client(by=user, surname="Test", submission=submission)
    with pytest.raises(DuplicateSubmission):
        add_client(by=user, surname="Ander", submission=submission)
    assert Client.objects.count() == 1


def test_submission_of_one_verb_is_refused_by_another(cast: Cast) -> None:
    user, submission = cast.users["marieke"], uuid4()
    add_client(by=user, surname="Test", submission=submission)
    with pytest.raises(DuplicateSubmission):
        admit(
            cast.dossiers["purchase"],
            by=user,
            client=cast.clients["olga"],
            role="heir",
            submission=submission,
        )


def test_two_users_can_use_the_same_submission_id(cast: Cast) -> None:
    submission, before = uuid4(), Client.objects.count()
    for name in ("marieke", "joost"):
        add_client(by=cast.users[name], surname="Test", submission=submission)
    assert Client.objects.count() == before + 2


def test_publication_sent_twice_with_the_same_bytes_is_one(cast: Cast) -> None:
    by, dossier, submission = cast.users["marieke"], cast.dossiers["purchase"], uuid4()
    first, again = (
        publish(
            dossier,
            by=by,
            file=store(by, dossier),
            title="Akte",
            tab="documents",
            kind="document",
            parties=[cast.parties["sanne"]],
            submission=submission,
        )
        for _ in range(2)
    )
    assert again == first
    assert Publication.objects.filter(title="Akte").count() == 1


def test_concurrent_repeats_add_one_client(committed_db: None) -> None:
    user, submission = add_marieke(), uuid4()
    first, again = at_once(
        *[lambda: add_client(by=user, surname="Test", submission=submission)] * 2
    )
    assert first == again
    assert Client.objects.count() == 1
    assert list(find_breaks()) == []


def test_concurrent_repeats_open_one_dossier(committed_cast: Cast) -> None:
    user, submission = committed_cast.users["marieke"], uuid4()

    def act() -> Dossier:
        return open_dossier_verb(
            by=user,
            number="2026.77",
            description="Twee keer geklikt",
            type=committed_cast.type,
            status=committed_cast.in_progress,
            handler=user,
            submission=submission,
        )

    first, again = at_once(act, act)
    assert first == again
    assert Dossier.objects.filter(number="2026.77").count() == 1


def test_concurrent_repeats_admit_one_party(committed_cast: Cast) -> None:
    user, submission = committed_cast.users["marieke"], uuid4()
    dossier, client = committed_cast.dossiers["purchase"], committed_cast.clients["olga"]
    first, again = at_once(
        *[lambda: admit(dossier, by=user, client=client, role="heir", submission=submission)] * 2
    )
    assert first == again
    assert Party.objects.filter(client=client).count() == 1


def test_concurrent_repeats_publish_once(committed_cast: Cast) -> None:
    user, submission = committed_cast.users["marieke"], uuid4()
    dossier, party = committed_cast.dossiers["purchase"], committed_cast.parties["sanne"]
    file = store(user, dossier)

    def act() -> Publication:
        return publish(
            dossier,
            by=user,
            file=file,
            title="Twee",
            tab="documents",
            kind="letter",
            parties=[party],
            submission=submission,
        )

    first, again = at_once(act, act)
    assert first == again
    assert Publication.objects.filter(title="Twee").count() == 1


def test_concurrent_acts_make_one_unbroken_chain(committed_cast: Cast) -> None:
    user, before = committed_cast.users["marieke"], last_seq()
    at_once(
        *[
            lambda number=number: open_dossier(committed_cast, user, f"2027.{number}")
            for number in range(4)
        ]
    )
    assert verbs_since(before) == ["dossiers.open_dossier"] * 4
    assert list(find_breaks()) == []
