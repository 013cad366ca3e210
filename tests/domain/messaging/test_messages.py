"""What is written reaches the party it is for, and nobody else; once, whole and sealed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.people import PDF, Cast, store

from portaal.domain.accounts import verbs as accounts
from portaal.domain.accounts.models import User
from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.dossiers.verbs import admit, change_status, release
from portaal.domain.files.models import StoredFile
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.journal.recording import DuplicateSubmission
from portaal.domain.keys.verbs import destroy
from portaal.domain.messaging.models import Attachment, Message, Reading
from portaal.domain.messaging.validators import FILES_MAX
from portaal.domain.messaging.verbs import download, read, reply, send, view

EVERYBODY = [
    "marieke",
    "joost",
    "ina",
    "sanne",
    "emre",
    "ties",
    "olga",
    "anker",
    "granted",
    "ungranted",
]


def ask(cast: Cast, name: str = "sanne", dossier: str = "purchase", **said: object) -> Message:
    """A message of a client to the office."""
    facts = {"subject": "Kopie stukken", "body": "Beste, Hierbij zend ik", **said}
    return send(cast.dossiers[dossier], by=cast.users[name], **facts)  # type: ignore[arg-type]


def tell(cast: Cast, *names: str, by: str = "marieke", **said: object) -> Message:
    """A message of the office to these parties."""
    parties = [cast.parties[name] for name in names]
    facts = {"subject": "Sleutel", "body": "Komt vrijdag u uit?", **said}
    return send(parties[0].dossier, by=cast.users[by], parties=parties, **facts)  # type: ignore[arg-type]


def seen_by(user: User) -> set[Message]:
    return set(Message.objects.visible_to(user))


def allowed(act: Callable[[], object]) -> bool:
    try:
        act()
    except PermissionDenied:
        return False
    return True


def whoever(cast: Cast, may: Callable[[User], bool]) -> set[str]:
    return {name for name in EVERYBODY if may(cast.users[name])}


def test_a_clients_message_is_seen_by_its_side_and_by_who_handles_the_dossier(cast: Cast) -> None:
    message, other = ask(cast), ask(cast, "granted", "holding")
    assert whoever(cast, lambda user: message in seen_by(user)) == {"sanne", "marieke", "joost"}
    assert whoever(cast, lambda user: other in seen_by(user)) == {
        "anker",
        "granted",
        "marieke",
        "joost",
    }
    assert (message.from_office, message.party, message.content.subject) == (
        False,
        cast.parties["sanne"],
        "Kopie stukken",
    )


def test_a_message_in_a_confidential_dossier_is_seen_by_its_own_handler(cast: Cast) -> None:
    message = ask(cast, "emre", "secret")
    assert whoever(cast, lambda user: message in seen_by(user)) == {"emre", "marieke"}


def test_a_message_to_two_parties_is_two_that_know_nothing_of_each_other(cast: Cast) -> None:
    file = store(cast.users["marieke"], cast.dossiers["purchase"])
    first = tell(cast, "sanne", "emre", files=[file])
    mine, theirs = (
        {message.pk for message in seen_by(cast.users[name])} for name in ("sanne", "emre")
    )
    batch = Message.objects.filter(batch=first.batch)
    assert (len(mine), len(theirs), mine & theirs) == (1, 1, set())
    assert mine | theirs == set(batch.values_list("pk", flat=True))
    assert {
        message.thread for message in batch
    } == mine | theirs  # an answer goes on in one conversation
    assert [message.attachments.get().file for message in batch] == [file, file]


@pytest.mark.parametrize(
    ("name", "dossier"),
    [("ties", "purchase"), ("olga", "purchase"), ("emre", "holding"), ("ina", "purchase")],
)
def test_who_may_not_write_in_a_dossier_sends_nothing(cast: Cast, name: str, dossier: str) -> None:
    with pytest.raises(PermissionDenied):
        ask(cast, name, dossier)
    assert Message.objects.count() == 0


def test_a_colleague_writes_in_a_dossier_that_is_not_confidential(cast: Cast) -> None:
    assert tell(cast, "sanne", by="joost").sender == cast.users["joost"]
    with pytest.raises(PermissionDenied):
        tell(cast, "secret", by="joost")


@pytest.mark.parametrize("names", [["ties"], ["anker"], ["sanne", "anker"], []])
def test_the_office_writes_to_parties_of_the_dossier_only(cast: Cast, names: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        send(
            cast.dossiers["purchase"],
            by=cast.users["marieke"],
            subject="Vraag",
            body="Beste,",
            parties=[cast.parties[name] for name in names],
        )
    assert list(refused.value.message_dict) == ["parties"]


@pytest.mark.parametrize("access", [Party.Access.DOCUMENTS, Party.Access.NONE])
def test_a_party_that_sees_documents_only_has_no_messages(cast: Cast, access: str) -> None:
    message = tell(cast, "sanne")
    Party.objects.filter(pk=cast.parties["sanne"].pk).update(access=access)
    assert seen_by(cast.users["sanne"]) == set()
    for act in (lambda: read(message, by=cast.users["sanne"]), lambda: ask(cast)):
        with pytest.raises(PermissionDenied):
            act()
    with pytest.raises(ValidationError):
        tell(cast, "sanne")
    with pytest.raises(PermissionDenied):
        reply(message, by=cast.users["marieke"], subject="Vraag", body="Beste,")


def test_who_reads_along_reads_and_does_not_write(cast: Cast) -> None:
    Party.objects.filter(pk=cast.parties["sanne"].pk).update(access=Party.Access.READER)
    message = tell(cast, "sanne")
    assert seen_by(cast.users["sanne"]) == {message}
    with pytest.raises(PermissionDenied):
        reply(message, by=cast.users["sanne"], subject="RE", body="Beste,")


def test_an_answer_stays_with_its_party_and_in_its_conversation(cast: Cast) -> None:
    first = tell(cast, "sanne", "emre")
    theirs = Message.objects.get(batch=first.batch, party=cast.parties["emre"])
    answer = reply(theirs, by=cast.users["emre"], subject="RE: Sleutel", body="Ja hoor.")
    back = reply(answer, by=cast.users["joost"], subject="RE: Sleutel", body="Dank u.")
    assert {(each.party, each.thread, each.reply_to) for each in (answer, back)} == {
        (cast.parties["emre"], theirs.thread, theirs),
        (cast.parties["emre"], theirs.thread, answer),
    }
    assert seen_by(cast.users["sanne"]) == {
        Message.objects.get(batch=first.batch, party=cast.parties["sanne"])
    }


def test_only_its_own_side_and_its_handlers_answer_a_message(cast: Cast) -> None:
    message = tell(cast, "sanne")
    answered = whoever(
        cast, lambda user: allowed(lambda: reply(message, by=user, subject="RE", body="Beste,"))
    )
    assert answered == {"sanne", "marieke", "joost"}


def test_a_couple_with_one_login_answers_for_whom_the_message_was(cast: Cast) -> None:
    couple = accounts.add_login(cast.clients["sanne"], by=SYSTEM, email="emre@example.nl").user
    message = tell(cast, "sanne")
    assert reply(message, by=couple, subject="RE", body="Beste,").party == cast.parties["sanne"]


@pytest.mark.parametrize("name", ["sanne", "marieke"])
def test_closing_a_dossier_stops_writing_and_not_reading(cast: Cast, name: str) -> None:
    message = tell(cast, "sanne")
    closed = change_status(cast.dossiers["purchase"], by=cast.users["marieke"], status=cast.closed)
    message.dossier = closed
    for act in (
        lambda: send(
            closed,
            by=cast.users[name],
            subject="Vraag",
            body="Beste,",
            parties=[cast.parties["sanne"]],
        ),
        lambda: reply(message, by=cast.users[name], subject="Vraag", body="Beste,"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert message in seen_by(cast.users[name])


def test_a_released_party_reads_and_writes_nothing(cast: Cast) -> None:
    message = tell(cast, "sanne")
    release(cast.parties["sanne"], by=cast.users["marieke"])
    assert seen_by(cast.users["sanne"]) == set()
    with pytest.raises(PermissionDenied):
        reply(message, by=cast.users["sanne"], subject="RE", body="Beste,")
    with pytest.raises(PermissionDenied):
        reply(message, by=cast.users["marieke"], subject="RE", body="Beste,")


def test_words_lie_sealed_in_the_database(cast: Cast) -> None:
    message = ask(cast, subject="Zeldzaamwoord", body="Nog zeldzamer woord")
    kept = Message.objects.get(pk=message.pk)
    assert b"eldzaam" not in bytes(kept.sealed)
    assert (kept.content.subject, kept.content.body) == ("Zeldzaamwoord", "Nog zeldzamer woord")
    assert "eldzaam" not in str(Event.objects.latest("seq").__dict__)


def test_words_of_a_dossier_whose_key_was_destroyed_are_gone_and_others_are_not(cast: Cast) -> None:
    erased, kept = ask(cast), ask(cast, "anker", "holding")
    destroy(erased.dossier.vault, by=SYSTEM)
    found = {
        each.pk: each.content.subject for each in Message.objects.select_related("dossier__vault")
    }
    assert found == {erased.pk: "(erased)", kept.pk: "Kopie stukken"}


def test_a_submission_sends_once_and_with_other_words_not_at_all(cast: Cast) -> None:
    submission = uuid4()
    file = store(cast.users["sanne"], cast.dossiers["purchase"])
    first = ask(cast, files=[file], submission=submission)
    assert ask(cast, files=[file], submission=submission) == first
    with pytest.raises(DuplicateSubmission):
        ask(cast, body="Iets anders", files=[file], submission=submission)
    assert (Message.objects.count(), Attachment.objects.count()) == (1, 1)


def test_the_text_that_is_refused_leaves_nothing_behind_and_its_file_waits_on(cast: Cast) -> None:
    file = store(cast.users["sanne"], cast.dossiers["purchase"])
    with pytest.raises(ValidationError):
        ask(cast, body=" ", files=[file])
    assert (Message.objects.count(), StoredFile.objects.get(pk=file.pk).claimed_at) == (0, None)


@pytest.mark.parametrize(
    ("owner", "dossier"), [("emre", "purchase"), ("marieke", "purchase"), ("anker", "holding")]
)
def test_a_file_of_another_login_or_dossier_cannot_be_sent(
    cast: Cast, owner: str, dossier: str
) -> None:
    file = store(cast.users[owner], cast.dossiers[dossier])
    with pytest.raises(ValidationError) as refused:
        ask(cast, files=[file])
    assert list(refused.value.message_dict) == ["files"]
    assert (Message.objects.count(), StoredFile.objects.get(pk=file.pk).claimed_at) == (0, None)


def test_a_file_is_sent_once(cast: Cast) -> None:
    file = store(cast.users["sanne"], cast.dossiers["purchase"])
    ask(cast, files=[file])
    for again in ([file], [store(cast.users["sanne"], cast.dossiers["purchase"])] * 2):
        with pytest.raises(ValidationError):
            ask(cast, files=again)
    assert Message.objects.count() == 1


def test_a_message_has_at_most_twenty_attachments(cast: Cast) -> None:
    files = [store(cast.users["sanne"], cast.dossiers["purchase"]) for _ in range(FILES_MAX + 1)]
    with pytest.raises(ValidationError) as refused:
        ask(cast, files=files)
    assert list(refused.value.message_dict) == ["files"]
    message = ask(cast, files=files[1:])
    assert [attachment.file for attachment in message.attachments.all()] == files[1:]


def test_reading_is_noted_once_for_each_login_of_the_other_side(cast: Cast) -> None:
    message = tell(cast, "anker")
    before = Event.objects.count()
    for name in ("anker", "anker", "marieke", "joost"):
        read(message, by=cast.users[name])
    assert [reading.user for reading in Reading.objects.filter(message=message)] == [
        cast.users["anker"]
    ]
    assert Event.objects.count() == before + 1
    unread = {
        name: Message.objects.visible_to(cast.users[name]).unread_by(cast.users[name]).count()
        for name in ("anker", "granted")
    }
    assert unread == {"anker": 0, "granted": 1}


def test_what_is_new_to_a_login_is_what_it_sees_and_has_not_read(cast: Cast) -> None:
    first, second = tell(cast, "anker"), tell(cast, "sanne")
    for reader, message in (("anker", first), ("sanne", second), ("granted", first)):
        read(message, by=cast.users[reader])
        for user in [user for user in cast.users.values() if not user.is_staff]:
            assert set(Message.objects.new_to(user)) == set(
                Message.objects.visible_to(user).unread_by(user)
            )
    assert [
        Message.objects.get(pk=message.pk).seen_by_all_at is not None for message in (first, second)
    ] == [False, True]
    later = accounts.add_login(cast.clients["sanne"], by=SYSTEM, email="later@example.nl").user
    assert (
        second in Message.objects.new_to(later),
        second in Message.objects.new_to(cast.users["sanne"]),
    ) == (True, False)


def test_messages_that_are_opened_together_are_read_in_one_act(cast: Cast) -> None:
    seen, mine, *others = ask(cast), tell(cast, "sanne"), ask(cast), ask(cast)
    read(seen, by=cast.users["marieke"])
    before = Event.objects.count()
    for _ in range(2):
        read(seen, mine, *others, by=cast.users["marieke"])
    assert Message.objects.pending().count() == 0
    assert set(
        Reading.objects.filter(user=cast.users["marieke"]).values_list("message", flat=True)
    ) == {message.pk for message in (seen, *others)}
    event = Event.objects.latest("seq")
    assert (Event.objects.count(), event.object_id, event.details["others"]) == (
        before + 1,
        str(others[1].pk),
        [str(others[0].pk)],
    )


def test_of_messages_that_are_opened_together_each_must_be_seen(cast: Cast) -> None:
    message = tell(cast, "sanne")
    with pytest.raises(PermissionDenied):
        read(message, tell(cast, "emre"), by=cast.users["sanne"])
    assert not message.readings.exists()


def test_only_who_sees_a_message_reads_it(cast: Cast) -> None:
    message = tell(cast, "sanne")
    assert whoever(cast, lambda user: allowed(lambda: read(message, by=user))) == {
        "sanne",
        "marieke",
        "joost",
    }


def waiting() -> int:
    return Message.objects.pending().count()


def test_a_message_waits_until_the_handler_opens_it(cast: Cast) -> None:
    message = ask(cast)
    read(message, by=cast.users["joost"])  # a colleague looks in
    assert waiting() == 1
    read(message, by=cast.users["marieke"])
    assert waiting() == 0


def test_a_message_that_a_colleague_answered_waits_no_longer(cast: Cast) -> None:
    message = ask(cast)
    reply(message, by=cast.users["joost"], subject="RE", body="Marieke is er niet.")
    assert waiting() == 0
    ask(cast)
    assert waiting() == 1


def test_marks_of_unread_are_the_readers_own(cast: Cast) -> None:
    incoming, outgoing = tell(cast, "sanne"), ask(cast)
    marks = {
        name: dict(Message.objects.with_unread(cast.users[name]).values_list("pk", "unread"))
        for name in ("sanne", "joost")
    }
    assert marks == {
        "sanne": {incoming.pk: True, outgoing.pk: False},
        "joost": {incoming.pk: False, outgoing.pk: True},
    }


@pytest.mark.parametrize("act", [download, view])
def test_whoever_sees_a_message_is_given_its_attachment_byte_for_byte(
    cast: Cast, act: Callable[..., StoredFile]
) -> None:
    file = store(cast.users["sanne"], cast.dossiers["purchase"])
    attachment = ask(cast, files=[file]).attachments.get()
    assert b"".join(act(attachment, by=cast.users["sanne"]).chunks()) == PDF
    assert Event.objects.latest("seq").verb == f"messaging.{act.__name__}"
    assert whoever(cast, lambda user: allowed(lambda: act(attachment, by=user))) == {
        "sanne",
        "marieke",
        "joost",
    }


def test_what_i_provided_is_what_i_sent(cast: Cast) -> None:
    sent = ask(
        cast, files=[store(cast.users["sanne"], cast.dossiers["purchase"])]
    ).attachments.get()
    tell(cast, "sanne", files=[store(cast.users["marieke"], cast.dossiers["purchase"])])
    assert list(Attachment.objects.visible_to(cast.users["sanne"]).provided()) == [sent]
    assert list(Attachment.objects.visible_to(cast.users["emre"]).provided()) == []


def test_in_the_name_of_the_office(cast: Cast) -> None:
    assert tell(cast, "sanne", as_office=True).as_office is True
    assert ask(cast, as_office=True).as_office is False  # a client cannot


def test_a_party_admitted_later_sees_nothing_of_before(cast: Cast) -> None:
    tell(cast, "sanne", "emre")
    admit(
        cast.dossiers["purchase"],
        by=cast.users["marieke"],
        client=cast.clients["olga"],
        role="heir",
    )
    assert seen_by(cast.users["olga"]) == set()


def test_visibility_holds_for_each_dossier_of_the_cast(cast: Cast) -> None:
    """One message a party, then everybody counts: what is seen follows the dossiers that are seen."""
    for name in ("sanne", "emre", "anker", "secret"):
        tell(cast, name)
    numbers = {name: len(seen_by(cast.users[name])) for name in EVERYBODY}
    assert numbers == {
        "marieke": 4,
        "joost": 3,
        "ina": 0,
        "sanne": 1,
        "emre": 2,
        "ties": 0,
        "olga": 0,
        "anker": 1,
        "granted": 1,
        "ungranted": 0,
    }
    assert Dossier.objects.visible_to(cast.users["ina"]).count() == 0


def test_a_message_is_signed_by_its_writer_or_by_the_office(cast: Cast) -> None:
    by_name, by_office, by_client = (
        tell(cast, "sanne"),
        tell(cast, "sanne", as_office=True),
        ask(cast),
    )
    assert [message.signed_by for message in (by_name, by_office, by_client)] == [
        cast.users["marieke"].full_name,
        "",
        "",
    ]
