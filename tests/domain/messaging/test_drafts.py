"""What somebody is writing is kept for them alone, goes on in a second window, and is gone once it was sent."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.people import Cast, store

from portaal.domain.dossiers.verbs import change_status, release
from portaal.domain.journal.models import Event
from portaal.domain.messaging import drafts
from portaal.domain.messaging.models import Draft, DraftContent, Message
from portaal.domain.messaging.verbs import reply, send


def keep(
    cast: Cast,
    name: str = "sanne",
    *,
    submission: UUID | None = None,
    reply_to: Message | None = None,
    **said: object,
) -> Draft:
    kept = DraftContent(**{"subject": "Kopie", "body": "Beste,", **said})  # type: ignore[arg-type]
    return drafts.save(
        cast.users[name], cast.dossiers["purchase"], submission or uuid4(), kept, reply_to=reply_to
    )


def found(cast: Cast, name: str = "sanne", reply_to: Message | None = None) -> DraftContent | None:
    draft = drafts.find(cast.users[name], cast.dossiers["purchase"], reply_to)
    return draft and draft.content


def question(cast: Cast) -> Message:
    return send(
        cast.dossiers["purchase"],
        by=cast.users["marieke"],
        subject="Vraag",
        body="Komt het uit?",
        parties=[cast.parties["sanne"]],
    )


def test_a_draft_is_kept_for_its_login_alone_and_without_an_event(cast: Cast) -> None:
    before = Event.objects.count()
    keep(cast, body="Half af")
    assert [found(cast, name) for name in ("sanne", "emre", "marieke")] == [
        DraftContent("Kopie", "Half af"),
        None,
        None,
    ]
    assert Event.objects.count() == before


def test_a_later_draft_takes_the_place_of_the_one_before(cast: Cast) -> None:
    first = keep(cast, body="Een")
    second = keep(cast, body="Twee")  # from a second window, with a number of its own
    assert (second.pk, found(cast), Draft.objects.count()) == (
        first.pk,
        DraftContent("Kopie", "Twee"),
        1,
    )


def test_an_answer_has_a_draft_of_its_own(cast: Cast) -> None:
    message = question(cast)
    keep(cast, body="Nieuw")
    keep(cast, reply_to=message, body="Antwoord")
    assert (found(cast), found(cast, reply_to=message)) == (
        DraftContent("Kopie", "Nieuw"),
        DraftContent("Kopie", "Antwoord"),
    )


def test_the_number_of_anothers_draft_is_not_taken_over(cast: Cast) -> None:
    theirs = keep(cast, "emre", body="Van Emre")
    mine = keep(cast, "sanne", submission=theirs.pk, body="Van Sanne")
    assert mine.pk != theirs.pk
    assert (found(cast, "emre"), found(cast)) == (
        DraftContent("Kopie", "Van Emre"),
        DraftContent("Kopie", "Van Sanne"),
    )


def test_whatever_was_typed_is_kept_uncut_and_sealed(cast: Cast) -> None:
    keep(cast, subject="", body="Zeldzaamwoord " * 500 + "\ud800\0")
    assert found(cast) == DraftContent("", "Zeldzaamwoord " * 500)
    assert b"Zeldzaam" not in bytes(Draft.objects.get().sealed)


def test_sending_takes_the_draft_away_and_no_other_window_brings_it_back(cast: Cast) -> None:
    draft = keep(cast)
    send(
        cast.dossiers["purchase"],
        by=cast.users["sanne"],
        subject="Kopie",
        body="Beste,",
        submission=draft.pk,
    )
    assert found(cast) is None
    with pytest.raises(drafts.AlreadySent):
        keep(cast, submission=draft.pk)
    assert Draft.objects.count() == 0


def test_two_windows_with_one_draft_send_it_once(cast: Cast) -> None:
    message = question(cast)
    draft = keep(cast, reply_to=message)
    sent = [
        reply(message, by=cast.users["sanne"], subject="RE", body="Beste,", submission=draft.pk)
        for _window in range(2)
    ]
    assert sent[0] == sent[1]


def test_the_attachments_of_a_draft_are_those_that_still_wait_for_its_login(cast: Cast) -> None:
    dossier = cast.dossiers["purchase"]
    mine = [store(cast.users["sanne"], dossier) for _ in range(3)]
    theirs = store(cast.users["emre"], dossier)
    send(dossier, by=cast.users["sanne"], subject="Eerder", body="Beste,", files=mine[2:])
    draft = keep(
        cast, files=[str(mine[1].pk), str(theirs.pk), str(mine[0].pk), str(mine[2].pk), "onzin"]
    )
    assert drafts.files_of(draft) == [mine[1], mine[0]]


def test_who_may_not_write_keeps_no_draft(cast: Cast) -> None:
    release(cast.parties["emre"], by=cast.users["marieke"])
    for name in ("emre", "ties", "olga", "ina"):
        with pytest.raises(PermissionDenied):
            keep(cast, name)
    cast.dossiers["purchase"] = change_status(
        cast.dossiers["purchase"], by=cast.users["marieke"], status=cast.closed
    )
    with pytest.raises(PermissionDenied):
        keep(cast)
    assert Draft.objects.count() == 0


def test_a_draft_goes_when_it_is_thrown_away_or_old(cast: Cast) -> None:
    draft = keep(cast)
    drafts.delete(cast.users["emre"], draft.pk)  # not theirs
    assert found(cast)
    drafts.delete(cast.users["sanne"], draft.pk)
    assert found(cast) is None
    keep(cast)
    Draft.objects.update(saved_at=timezone.now() - drafts.LIFETIME)
    drafts.delete_expired()
    assert Draft.objects.count() == 0
