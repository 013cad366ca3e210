"""Messages: visibility, sending, replying, reading, attachments and permissions."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.people import Cast, store

from portaal.domain.clients import verbs as clients
from portaal.domain.dossiers.models import Access, Dossier, Party
from portaal.domain.dossiers.verbs import admit, change_status, remove_party
from portaal.domain.files.models import StoredFile
from portaal.domain.identity.models import User
from portaal.domain.identity.verbs import set_roles
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.journal.recording import DuplicateSubmission
from portaal.domain.journal.roles import Role
from portaal.domain.keys.verbs import destroy
from portaal.domain.messaging.models import Attachment, CannedReply, Message, Reading
from portaal.domain.messaging.validators import FILES_MAX
from portaal.domain.messaging.verbs import (
    delete_canned_reply,
    read,
    reply,
    save_canned_reply,
    send,
)

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


def ask(cast: Cast, name: str = "sanne", dossier: str = "purchase", **data: object) -> Message:
    """Send a message of a client to the office."""
    data = {"subject": "Kopie stukken", "body": "Beste, Hierbij zend ik", **data}
    return send(cast.dossiers[dossier], by=cast.users[name], **data)  # type: ignore[arg-type]


def send_to(cast: Cast, *names: str, by: str = "marieke", **data: object) -> Message:
    """Send a message of the office to these parties."""
    parties = [cast.parties[name] for name in names]
    data = {"subject": "Sleutel", "body": "Komt vrijdag u uit?", "parties": parties, **data}
    return send(parties[0].dossier, by=cast.users[by], **data)  # type: ignore[arg-type]


def seen_by(user: User) -> set[Message]:
    return set(Message.objects.visible_to(user))


def allowed(act: Callable[[], object]) -> bool:
    try:
        act()
    except PermissionDenied:
        return False
    return True


def users_who(cast: Cast, may: Callable[[User], bool]) -> set[str]:
    return {name for name in EVERYBODY if may(cast.users[name])}


def test_client_message_is_visible_to_its_party_and_handlers(cast: Cast) -> None:
    message, other = ask(cast), ask(cast, "granted", "holding")
    assert users_who(cast, lambda user: message in seen_by(user)) == {"sanne", "marieke", "joost"}
    assert users_who(cast, lambda user: other in seen_by(user)) == {
        "anker",
        "granted",
        "marieke",
        "joost",
    }
    assert not message.from_office
    assert message.party == cast.parties["sanne"]
    assert message.content.subject == "Kopie stukken"


def test_message_in_confidential_dossier_is_visible_to_its_handler(cast: Cast) -> None:
    message = ask(cast, "emre", "secret")
    assert users_who(cast, lambda user: message in seen_by(user)) == {"emre", "marieke"}


def test_message_to_two_parties_is_one_separate_copy_each(cast: Cast) -> None:
    file = store(cast.users["marieke"], cast.dossiers["purchase"])
    first = send_to(cast, "sanne", "emre", files=[file])
    mine, theirs = (
        {message.pk for message in seen_by(cast.users[name])} for name in ("sanne", "emre")
    )
    batch = Message.objects.filter(batch=first.batch)
    assert len(mine) == 1
    assert len(theirs) == 1
    assert mine & theirs == set()
    assert mine | theirs == set(batch.values_list("pk", flat=True))
    # Each copy starts a conversation of its own.
    assert {message.thread for message in batch} == mine | theirs
    assert [message.attachments.get().file for message in batch] == [file, file]


@pytest.mark.parametrize(
    ("name", "dossier"),
    [("ties", "purchase"), ("olga", "purchase"), ("emre", "holding"), ("ina", "purchase")],
)
def test_user_who_may_not_write_cannot_send(cast: Cast, name: str, dossier: str) -> None:
    with pytest.raises(PermissionDenied):
        ask(cast, name, dossier)
    assert Message.objects.count() == 0


def test_colleague_sends_except_in_confidential_dossier(cast: Cast) -> None:
    assert send_to(cast, "sanne", by="joost").sender == cast.users["joost"]
    with pytest.raises(PermissionDenied):
        send_to(cast, "secret", by="joost")


@pytest.mark.parametrize("names", [["ties"], ["anker"], ["sanne", "anker"], []])
def test_office_cannot_send_to_parties_outside_dossier(cast: Cast, names: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        send(
            cast.dossiers["purchase"],
            by=cast.users["marieke"],
            subject="Vraag",
            body="Beste,",
            parties=[cast.parties[name] for name in names],
        )
    assert list(refused.value.message_dict) == ["parties"]


@pytest.mark.parametrize("access", [Access.DOCUMENTS, Access.NONE])
def test_party_with_documents_only_has_no_messages(cast: Cast, access: str) -> None:
    message = send_to(cast, "sanne")
    Party.objects.filter(pk=cast.parties["sanne"].pk).update(access=access)
    assert seen_by(cast.users["sanne"]) == set()
    for act in (lambda: read(message, by=cast.users["sanne"]), lambda: ask(cast)):
        with pytest.raises(PermissionDenied):
            act()
    with pytest.raises(ValidationError):
        send_to(cast, "sanne")
    with pytest.raises(PermissionDenied):
        reply(message, by=cast.users["marieke"], subject="Vraag", body="Beste,")


def test_reader_party_reads_but_cannot_reply(cast: Cast) -> None:
    Party.objects.filter(pk=cast.parties["sanne"].pk).update(access=Access.READ)
    message = send_to(cast, "sanne")
    assert seen_by(cast.users["sanne"]) == {message}
    with pytest.raises(PermissionDenied):
        reply(message, by=cast.users["sanne"], subject="RE", body="Beste,")


def test_reply_stays_with_its_party_and_conversation(cast: Cast) -> None:
    first = send_to(cast, "sanne", "emre")
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


def test_only_its_party_and_handlers_reply_to_message(cast: Cast) -> None:
    message = send_to(cast, "sanne")
    answered = users_who(
        cast, lambda user: allowed(lambda: reply(message, by=user, subject="RE", body="Beste,"))
    )
    assert answered == {"sanne", "marieke", "joost"}


def test_login_of_two_parties_replies_for_recipient_of_message(cast: Cast) -> None:
    couple = clients.add_login(cast.clients["sanne"], by=SYSTEM, email="emre@example.nl").user
    message = send_to(cast, "sanne")
    assert reply(message, by=couple, subject="RE", body="Beste,").party == cast.parties["sanne"]


def test_login_of_two_parties_does_not_reply_for_the_one_that_reads_along(cast: Cast) -> None:
    couple = clients.add_login(cast.clients["sanne"], by=SYSTEM, email="emre@example.nl").user
    Party.objects.filter(pk=cast.parties["sanne"].pk).update(access=Access.READ)
    message = send_to(cast, "sanne")
    assert message in seen_by(couple)
    with pytest.raises(PermissionDenied):
        reply(message, by=couple, subject="RE", body="Beste,")


@pytest.mark.parametrize("name", ["sanne", "marieke"])
def test_closed_dossier_is_readable_but_not_writable(cast: Cast, name: str) -> None:
    message = send_to(cast, "sanne")
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


def test_removed_party_neither_reads_nor_writes(cast: Cast) -> None:
    message = send_to(cast, "sanne")
    remove_party(cast.parties["sanne"], by=cast.users["marieke"])
    assert seen_by(cast.users["sanne"]) == set()
    with pytest.raises(PermissionDenied):
        reply(message, by=cast.users["sanne"], subject="RE", body="Beste,")
    with pytest.raises(PermissionDenied):
        reply(message, by=cast.users["marieke"], subject="RE", body="Beste,")


def test_message_content_is_sealed_in_database(cast: Cast) -> None:
    message = ask(cast, subject="Zeldzaamwoord", body="Nog zeldzamer woord")
    stored = Message.objects.get(pk=message.pk)
    assert b"eldzaam" not in bytes(stored.sealed)
    assert stored.content.subject == "Zeldzaamwoord"
    assert stored.content.body == "Nog zeldzamer woord"
    assert "eldzaam" not in str(Event.objects.latest("seq").__dict__)


def test_destroying_a_vault_erases_only_its_own_messages(cast: Cast) -> None:
    erased, readable = ask(cast), ask(cast, "anker", "holding")
    destroy(erased.dossier.vault, by=SYSTEM)
    subjects = {
        each.pk: each.content.subject for each in Message.objects.select_related("dossier__vault")
    }
    assert subjects == {erased.pk: "(erased)", readable.pk: "Kopie stukken"}


def test_repeated_submission_sends_once_and_changed_one_is_refused(cast: Cast) -> None:
    submission = uuid4()
    file = store(cast.users["sanne"], cast.dossiers["purchase"])
    first = ask(cast, files=[file], submission=submission)
    assert ask(cast, files=[file], submission=submission) == first
    with pytest.raises(DuplicateSubmission):
        ask(cast, body="Iets anders", files=[file], submission=submission)
    assert Message.objects.count() == 1
    assert Attachment.objects.count() == 1


def test_invalid_message_is_not_stored_and_its_file_stays_pending(cast: Cast) -> None:
    file = store(cast.users["sanne"], cast.dossiers["purchase"])
    with pytest.raises(ValidationError):
        ask(cast, body=" ", files=[file])
    assert Message.objects.count() == 0
    assert StoredFile.objects.get(pk=file.pk).claimed_at is None


@pytest.mark.parametrize(
    ("owner", "dossier"), [("emre", "purchase"), ("marieke", "purchase"), ("anker", "holding")]
)
def test_file_of_another_login_or_dossier_cannot_be_sent(
    cast: Cast, owner: str, dossier: str
) -> None:
    file = store(cast.users[owner], cast.dossiers[dossier])
    with pytest.raises(ValidationError) as refused:
        ask(cast, files=[file])
    assert list(refused.value.message_dict) == ["files"]
    assert Message.objects.count() == 0
    assert StoredFile.objects.get(pk=file.pk).claimed_at is None


def test_file_cannot_be_sent_twice(cast: Cast) -> None:
    file = store(cast.users["sanne"], cast.dossiers["purchase"])
    ask(cast, files=[file])
    for again in ([file], [store(cast.users["sanne"], cast.dossiers["purchase"])] * 2):
        with pytest.raises(ValidationError):
            ask(cast, files=again)
    assert Message.objects.count() == 1


def test_message_has_at_most_twenty_attachments(cast: Cast) -> None:
    files = [store(cast.users["sanne"], cast.dossiers["purchase"]) for _ in range(FILES_MAX + 1)]
    with pytest.raises(ValidationError) as refused:
        ask(cast, files=files)
    assert list(refused.value.message_dict) == ["files"]
    message = ask(cast, files=files[1:])
    assert [attachment.file for attachment in message.attachments.all()] == files[1:]


def test_reading_is_stored_once_per_login_of_other_side(cast: Cast) -> None:
    message = send_to(cast, "anker")
    before = Event.objects.count()
    for name in ("anker", "anker", "marieke", "joost"):
        read(message, by=cast.users[name])
    assert [reading.user for reading in Reading.objects.filter(opened=message)] == [
        cast.users["anker"]
    ]
    assert Event.objects.count() == before + 1
    unread = {
        name: Message.objects.visible_to(cast.users[name]).unread_by(cast.users[name]).count()
        for name in ("anker", "granted")
    }
    assert unread == {"anker": 0, "granted": 1}


def test_messages_opened_together_make_one_event(cast: Cast) -> None:
    seen, mine, *others = ask(cast), send_to(cast, "sanne"), ask(cast), ask(cast)
    read(seen, by=cast.users["marieke"])
    before = Event.objects.count()
    for _ in range(2):
        read(seen, mine, *others, by=cast.users["marieke"])
    assert Message.objects.pending().count() == 0
    assert set(
        Reading.objects.filter(user=cast.users["marieke"]).values_list("opened", flat=True)
    ) == {message.pk for message in (seen, *others)}
    event = Event.objects.latest("seq")
    assert Event.objects.count() == before + 1
    assert event.object_id == str(others[1].pk)
    assert event.details["others"] == [str(others[0].pk)]


def test_reading_fails_if_one_message_is_not_visible(cast: Cast) -> None:
    message = send_to(cast, "sanne")
    with pytest.raises(PermissionDenied):
        read(message, send_to(cast, "emre"), by=cast.users["sanne"])
    assert not message.readings.exists()


def test_only_users_with_visible_message_read_it(cast: Cast) -> None:
    message = send_to(cast, "sanne")
    assert users_who(cast, lambda user: allowed(lambda: read(message, by=user))) == {
        "sanne",
        "marieke",
        "joost",
    }


def pending() -> int:
    return Message.objects.pending().count()


def test_message_is_pending_until_handler_opens_it(cast: Cast) -> None:
    message = ask(cast)
    read(message, by=cast.users["joost"])  # a colleague of the handler
    assert pending() == 1
    read(message, by=cast.users["marieke"])
    assert pending() == 0


def test_former_handler_has_no_pending_messages(cast: Cast) -> None:
    message, marieke = ask(cast), cast.users["marieke"]
    assert list(Message.objects.pending_for(marieke)) == [message]
    set_roles(marieke, by=SYSTEM, roles=[Role.SECRETARY])
    assert list(Message.objects.pending_for(marieke)) == []


def test_client_sees_no_canned_replies(cast: Cast) -> None:
    marieke, sanne = cast.users["marieke"], cast.users["sanne"]
    saved = save_canned_reply(None, by=marieke, name="Sleutel", body="Beste {aanhef},")
    assert list(CannedReply.objects.visible_to(marieke)) == [saved]
    assert list(CannedReply.objects.visible_to(sanne)) == []


def test_blocked_colleague_sees_no_canned_replies(cast: Cast) -> None:
    marieke = cast.users["marieke"]
    save_canned_reply(None, by=marieke, name="Sleutel", body="Beste {aanhef},")
    marieke.deactivated_at = marieke.password_set_at
    assert list(CannedReply.objects.visible_to(marieke)) == []


def test_colleague_does_not_delete_own_canned_reply_of_another(cast: Cast) -> None:
    by = cast.users["marieke"]
    saved = save_canned_reply(None, by=by, name="Sleutel", body="Beste {aanhef},", own=True)
    with pytest.raises(PermissionDenied):
        delete_canned_reply(saved, by=cast.users["joost"])


def test_reply_of_colleague_picks_up_message(cast: Cast) -> None:
    message = ask(cast)
    reply(message, by=cast.users["joost"], subject="RE", body="Marieke is er niet.")
    assert pending() == 0
    ask(cast)
    assert pending() == 1


def test_with_unread_depends_on_reader(cast: Cast) -> None:
    incoming, outgoing = send_to(cast, "sanne"), ask(cast)
    marks = {
        name: dict(Message.objects.with_unread(cast.users[name]).values_list("pk", "unread"))
        for name in ("sanne", "joost")
    }
    assert marks == {
        "sanne": {incoming.pk: True, outgoing.pk: False},
        "joost": {incoming.pk: False, outgoing.pk: True},
    }


def test_provided_attachments_are_those_sent_by_client(cast: Cast) -> None:
    sent = ask(
        cast, files=[store(cast.users["sanne"], cast.dossiers["purchase"])]
    ).attachments.get()
    send_to(cast, "sanne", files=[store(cast.users["marieke"], cast.dossiers["purchase"])])
    assert list(Attachment.objects.visible_to(cast.users["sanne"]).provided()) == [sent]
    assert list(Attachment.objects.visible_to(cast.users["emre"]).provided()) == []


def test_only_office_sends_in_its_own_name(cast: Cast) -> None:
    assert send_to(cast, "sanne", as_office=True).as_office is True
    assert ask(cast, as_office=True).as_office is False  # a client cannot


def test_later_party_does_not_see_earlier_messages(cast: Cast) -> None:
    send_to(cast, "sanne", "emre")
    admit(
        cast.dossiers["purchase"],
        by=cast.users["marieke"],
        client=cast.clients["olga"],
        role="heir",
    )
    assert seen_by(cast.users["olga"]) == set()


def test_each_user_sees_messages_of_visible_dossiers(cast: Cast) -> None:
    for name in ("sanne", "emre", "anker", "secret"):
        send_to(cast, name)
    counts = {name: len(seen_by(cast.users[name])) for name in EVERYBODY}
    assert counts == {
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


def test_only_office_message_by_name_is_signed(cast: Cast) -> None:
    by_name, by_office, by_client = (
        send_to(cast, "sanne"),
        send_to(cast, "sanne", as_office=True),
        ask(cast),
    )
    assert [message.signed_by for message in (by_name, by_office, by_client)] == [
        cast.users["marieke"].full_name,
        "",
        "",
    ]
