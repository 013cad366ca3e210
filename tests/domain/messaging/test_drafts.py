"""Drafts: private to a login, shared by its windows, deleted when sent."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.people import Cast, store

from portaal.domain.dossiers.verbs import change_status, remove_party
from portaal.domain.drafts import store as unsent
from portaal.domain.drafts.models import Draft
from portaal.domain.journal.models import Event
from portaal.domain.messaging import drafts
from portaal.domain.messaging.drafts import DraftContent
from portaal.domain.messaging.models import Message
from portaal.domain.messaging.verbs import reply, send


def save(
    cast: Cast,
    name: str = "sanne",
    *,
    submission: UUID | None = None,
    reply_to: Message | None = None,
    **data: object,
) -> Draft:
    draft_content = DraftContent(
        **{"subject": "Kopie", "body": "Beste,", **data}  # type: ignore[arg-type]
    )
    user, dossier = cast.users[name], cast.dossiers["purchase"]
    return drafts.save(user, dossier, submission or uuid4(), draft_content, reply_to=reply_to)


def content(
    cast: Cast, name: str = "sanne", reply_to: Message | None = None
) -> DraftContent | None:
    draft = drafts.find(cast.users[name], cast.dossiers["purchase"], reply_to)
    return draft and drafts.content_of(draft)


def question(cast: Cast) -> Message:
    return send(
        cast.dossiers["purchase"],
        by=cast.users["marieke"],
        subject="Vraag",
        body="Komt het uit?",
        parties=[cast.parties["sanne"]],
    )


def test_message_with_the_id_of_a_foreign_draft_leaves_it(cast: Cast) -> None:
    draft = save(cast, "emre")
    purchase, sanne = cast.dossiers["purchase"], cast.users["sanne"]
    send(purchase, by=sanne, subject="Vraag", body="Beste,", submission=draft.pk)
    assert content(cast, "emre") == DraftContent("Kopie", "Beste,")


def test_draft_is_private_to_login_and_records_no_event(cast: Cast) -> None:
    before = Event.objects.count()
    save(cast, body="Half af")
    assert [content(cast, name) for name in ("sanne", "emre", "marieke")] == [
        DraftContent("Kopie", "Half af"),
        None,
        None,
    ]
    assert Event.objects.count() == before


def test_later_draft_replaces_earlier_one(cast: Cast) -> None:
    first = save(cast, body="Een")
    second = save(cast, body="Twee")  # from a second window, with its own submission id
    assert second.pk == first.pk
    assert content(cast) == DraftContent("Kopie", "Twee")
    assert Draft.objects.count() == 1


def test_reply_has_separate_draft(cast: Cast) -> None:
    message = question(cast)
    save(cast, body="Nieuw")
    save(cast, reply_to=message, body="Antwoord")
    assert content(cast) == DraftContent("Kopie", "Nieuw")
    assert content(cast, reply_to=message) == DraftContent("Kopie", "Antwoord")


def test_draft_id_of_another_login_is_not_reused(cast: Cast) -> None:
    theirs = save(cast, "emre", body="Van Emre")
    mine = save(cast, "sanne", submission=theirs.pk, body="Van Sanne")
    assert mine.pk != theirs.pk
    assert content(cast, "emre") == DraftContent("Kopie", "Van Emre")
    assert content(cast) == DraftContent("Kopie", "Van Sanne")


def test_draft_is_stored_whole_and_sealed(cast: Cast) -> None:
    save(cast, subject="", body="Zeldzaamwoord " * 500 + "\ud800\0")
    assert content(cast) == DraftContent("", "Zeldzaamwoord " * 500)
    assert b"Zeldzaam" not in bytes(Draft.objects.get().sealed)


def test_sent_draft_cannot_be_saved_again_from_another_window(cast: Cast) -> None:
    draft = save(cast)
    send(
        cast.dossiers["purchase"],
        by=cast.users["sanne"],
        subject="Kopie",
        body="Beste,",
        submission=draft.pk,
    )
    assert content(cast) is None
    with pytest.raises(unsent.AlreadySent):
        save(cast, submission=draft.pk)
    assert Draft.objects.count() == 0


def test_two_windows_send_one_draft_once(cast: Cast) -> None:
    message = question(cast)
    draft = save(cast, reply_to=message)
    sent = [
        reply(message, by=cast.users["sanne"], subject="RE", body="Beste,", submission=draft.pk)
        for _window in range(2)
    ]
    assert sent[0] == sent[1]


def test_files_of_draft_are_pending_files_of_its_login(cast: Cast) -> None:
    dossier = cast.dossiers["purchase"]
    mine = [store(cast.users["sanne"], dossier) for _ in range(3)]
    theirs = store(cast.users["emre"], dossier)
    send(dossier, by=cast.users["sanne"], subject="Eerder", body="Beste,", files=mine[2:])
    draft = save(
        cast, files=[str(mine[1].pk), str(theirs.pk), str(mine[0].pk), str(mine[2].pk), "onzin"]
    )
    assert drafts.files_of(draft) == [mine[1], mine[0]]


def test_user_who_may_not_write_cannot_save_draft(cast: Cast) -> None:
    remove_party(cast.parties["emre"], by=cast.users["marieke"])
    for name in ("emre", "ties", "olga", "ina"):
        with pytest.raises(PermissionDenied):
            save(cast, name)
    cast.dossiers["purchase"] = change_status(
        cast.dossiers["purchase"], by=cast.users["marieke"], status=cast.closed
    )
    with pytest.raises(PermissionDenied):
        save(cast)
    assert Draft.objects.count() == 0


def test_draft_is_deleted_by_its_login_or_after_its_lifetime(cast: Cast) -> None:
    draft = save(cast)
    unsent.delete(cast.users["emre"], draft.pk)  # not theirs
    assert content(cast)
    unsent.delete(cast.users["sanne"], draft.pk)
    assert content(cast) is None
    save(cast)
    Draft.objects.update(saved_at=timezone.now() - unsent.LIFETIME)
    unsent.delete_expired()
    assert Draft.objects.count() == 0
