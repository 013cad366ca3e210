"""A verb is all or nothing, records once, and does a repeated submission once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from tests.again import cast_again
from tests.domain.together import at_once
from tests.people import Cast, open_dossier, store

from portaal.domain.accounts.models import Client, User
from portaal.domain.accounts.verbs import add_client, add_staff, block, choose_language
from portaal.domain.documents.models import Publication
from portaal.domain.documents.verbs import publish
from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.dossiers.verbs import admit, release
from portaal.domain.dossiers.verbs import open_dossier as verb_open
from portaal.domain.journal.actors import SYSTEM, request_id
from portaal.domain.journal.chain import faults
from portaal.domain.journal.models import Event, Head, Refusal
from portaal.domain.journal.verbs import Conflict, record, refuse, verb


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_again()


def verbs_since(seq: int) -> list[str]:
    return list(Event.objects.filter(seq__gt=seq).order_by("seq").values_list("verb", flat=True))


def last() -> int:
    return Head.objects.get(pk=1).seq


def marieke() -> User:
    return add_staff(by=SYSTEM, role="handler", email="marieke@kantoor.example.nl", surname="Vos")


def test_an_act_records_one_event_and_its_repeat_none(cast: Cast) -> None:
    before = last()
    for _ in range(2):
        choose_language(cast.users["sanne"], by=cast.users["sanne"], language="en")
        release(cast.parties["emre"], by=cast.users["marieke"])
        block(cast.users["olga"], by=cast.users["ina"])
    assert verbs_since(before) == ["accounts.choose_language", "dossiers.release", "accounts.block"]


def test_the_whole_cast_leaves_a_chain_that_verifies(cast: Cast) -> None:
    assert list(faults()) == []


def test_an_event_says_who_what_and_in_which_request(db: None) -> None:
    user = marieke()
    token = request_id.set("req-1")
    client = add_client(by=user, surname="Test")
    request_id.reset(token)
    event = Event.objects.get(seq=last())
    assert (
        event.actor,
        event.actor_kind,
        event.verb,
        event.object_kind,
        event.object_id,
        event.request_id,
    ) == (
        user,
        "user",
        "accounts.add_client",
        "accounts.client",
        str(client.pk),
        "req-1",
    )


def test_a_verb_that_fails_leaves_no_event_and_no_act(db: None) -> None:
    @verb
    def fails(*, by: object) -> None:
        client = Client.objects.create(surname="Half")
        record("accounts.add_client", client, by=SYSTEM)
        raise OSError

    with pytest.raises(OSError):
        fails(by=SYSTEM)
    assert (Client.objects.count(), Event.objects.count(), list(faults())) == (0, 0, [])


def test_a_refusal_stands_outside_the_chain(db: None) -> None:
    refuse("accounts.log_in", by=SYSTEM, network="192.0.2.0/24", face="client")
    assert (Refusal.objects.get().network, Event.objects.count()) == ("192.0.2.0/24", 0)


def test_a_repeated_submission_gives_the_first_result(db: None) -> None:
    user, submission = marieke(), uuid4()
    first, again = (add_client(by=user, surname="Test", submission=submission) for _ in range(2))
    assert (again, Client.objects.count()) == (first, 1)


def test_a_repeat_with_other_content_is_a_conflict(db: None) -> None:
    user, submission = marieke(), uuid4()
    add_client(by=user, surname="Test", submission=submission)
    with pytest.raises(Conflict):
        add_client(by=user, surname="Ander", submission=submission)
    assert Client.objects.count() == 1


def test_a_submission_of_one_verb_is_a_conflict_in_another(cast: Cast) -> None:
    user, submission = cast.users["marieke"], uuid4()
    add_client(by=user, surname="Test", submission=submission)
    with pytest.raises(Conflict):
        admit(
            cast.dossiers["purchase"],
            by=user,
            client=cast.clients["olga"],
            role="heir",
            submission=submission,
        )


def test_two_people_may_send_the_same_submission(cast: Cast) -> None:
    submission, before = uuid4(), Client.objects.count()
    for name in ("marieke", "joost"):
        add_client(by=cast.users[name], surname="Test", submission=submission)
    assert Client.objects.count() == before + 2


def test_a_publication_sent_twice_with_the_same_bytes_is_one(cast: Cast) -> None:
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
    assert (again, Publication.objects.filter(title="Akte").count()) == (first, 1)


def test_two_at_once_with_one_submission_make_one_client(committed_db: None) -> None:
    user, submission = marieke(), uuid4()
    made = at_once(*[lambda: add_client(by=user, surname="Test", submission=submission)] * 2)
    assert (made[0], Client.objects.count(), list(faults())) == (made[1], 1, [])


def test_two_at_once_with_one_submission_open_one_dossier(committed_cast: Cast) -> None:
    user, submission = committed_cast.users["marieke"], uuid4()

    def act() -> Dossier:
        return verb_open(
            by=user,
            number="2026.77",
            description="Twee keer geklikt",
            type=committed_cast.type,
            status=committed_cast.in_progress,
            handler=user,
            submission=submission,
        )

    made = at_once(act, act)
    assert (made[0], Dossier.objects.filter(number="2026.77").count()) == (made[1], 1)


def test_two_at_once_with_one_submission_admit_one_party(committed_cast: Cast) -> None:
    user, submission = committed_cast.users["marieke"], uuid4()
    dossier, client = committed_cast.dossiers["purchase"], committed_cast.clients["olga"]
    made = at_once(
        *[lambda: admit(dossier, by=user, client=client, role="heir", submission=submission)] * 2
    )
    assert (made[0], Party.objects.filter(client=client).count()) == (made[1], 1)


def test_two_at_once_with_one_submission_publish_once(committed_cast: Cast) -> None:
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

    made = at_once(act, act)
    assert (made[0], Publication.objects.filter(title="Twee").count()) == (made[1], 1)


def test_many_at_once_make_one_unbroken_chain(committed_cast: Cast) -> None:
    user, before = committed_cast.users["marieke"], last()
    at_once(
        *[
            lambda number=number: open_dossier(committed_cast, user, f"2027.{number}")
            for number in range(4)
        ]
    )
    assert (verbs_since(before), list(faults())) == (["dossiers.open"] * 4, [])
