"""Drafts of any form: one for each login, form and object, sealed, deleted when old."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.people import Cast

from portaal.domain.drafts import pages, store
from portaal.domain.drafts.models import Draft
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.keys import crypto
from portaal.domain.keys.verbs import destroy
from portaal.domain.messaging.verbs import send

FORM = "questionnaires.answer"
OBJECT = UUID(int=7)


def save(
    cast: Cast,
    name: str = "sanne",
    *,
    form: str = FORM,
    object_id: UUID = OBJECT,
    submission: UUID | None = None,
    **content: Any,
) -> Draft:
    vault = cast.dossiers["purchase"].vault
    return store.save(
        cast.users[name], form, object_id, vault, submission or uuid4(), content or {"a": "b"}
    )


def content(
    cast: Cast, name: str = "sanne", form: str = FORM, object_id: UUID = OBJECT
) -> dict[str, Any] | None:
    draft = store.find(cast.users[name], form, object_id, cast.dossiers["purchase"].vault)
    return draft and draft.content


def test_draft_is_found_by_its_login_form_and_object_only(cast: Cast) -> None:
    save(cast, a="b")
    assert content(cast) == {"a": "b"}
    assert content(cast, "emre") is None
    assert content(cast, form="questionnaires.other") is None
    assert content(cast, object_id=UUID(int=8)) is None


def test_draft_of_another_vault_is_not_found(cast: Cast) -> None:
    save(cast)
    vault = cast.dossiers["holding"].vault
    assert store.find(cast.users["sanne"], FORM, OBJECT, vault) is None


def test_saving_a_draft_records_no_event(cast: Cast) -> None:
    before = Event.objects.count()
    save(cast)
    assert Event.objects.count() == before


def test_second_window_continues_the_draft_of_the_first(cast: Cast) -> None:
    first, second = save(cast, a="one"), save(cast, a="two")
    assert second.pk == first.pk
    assert content(cast) == {"a": "two"}


def test_draft_gets_the_submission_id_of_its_form(cast: Cast) -> None:
    submission = uuid4()
    assert save(cast, submission=submission).pk == submission


def test_id_of_the_draft_of_another_login_is_not_reused(cast: Cast) -> None:
    theirs = save(cast, "emre", a="theirs")
    assert save(cast, submission=theirs.pk, a="mine").pk != theirs.pk
    assert content(cast, "emre") == {"a": "theirs"}


def test_two_windows_that_first_save_at_once_share_one_draft(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, other = store.find, []

    def find_before_the_other_saves(*arguments: Any) -> Draft | None:
        draft = find(*arguments)
        if not other:
            other.append(None)
            other.append(save(cast, a="other"))
        return draft

    monkeypatch.setattr(store, "find", find_before_the_other_saves)
    assert save(cast, a="mine").pk == other[1].pk
    monkeypatch.undo()
    assert content(cast) == {"a": "mine"}


def test_sent_form_cannot_be_saved_as_draft_again(cast: Cast) -> None:
    submission = uuid4()
    send(
        cast.dossiers["purchase"],
        by=cast.users["sanne"],
        subject="Kopie",
        body="Beste,",
        submission=submission,
    )
    with pytest.raises(store.AlreadySent):
        save(cast, submission=submission)


def test_draft_is_sealed(cast: Cast) -> None:
    save(cast, a="Zeldzaamwoord")
    assert b"Zeldzaamwoord" not in bytes(Draft.objects.get().sealed)


def test_draft_of_a_dossier_is_erased_with_it(cast: Cast) -> None:
    save(cast)
    destroy(cast.dossiers["purchase"].vault, by=SYSTEM)
    with pytest.raises(crypto.Tampered):
        _ = Draft.objects.get().content


@pytest.mark.parametrize("moved", [{"form": "questionnaires.other"}, {"object_id": "x"}])
def test_content_cannot_be_moved_to_another_row(cast: Cast, moved: dict[str, str]) -> None:
    save(cast)
    Draft.objects.update(**moved)
    with pytest.raises(crypto.Tampered):
        _ = Draft.objects.get().content


def test_login_deletes_only_its_own_draft(cast: Cast) -> None:
    draft = save(cast)
    store.delete(cast.users["emre"], draft.pk)
    assert content(cast)
    store.delete(cast.users["sanne"], draft.pk)
    assert content(cast) is None


@pytest.mark.parametrize(
    ("age", "kept"), [(store.LIFETIME, 0), (store.LIFETIME - timedelta(minutes=1), 1)]
)
def test_draft_is_deleted_after_thirty_days(cast: Cast, age: timedelta, kept: int) -> None:
    save(cast)
    Draft.objects.update(saved_at=timezone.now() - age)
    store.delete_expired()
    assert Draft.objects.count() == kept


def test_page_is_deleted_after_a_day_and_a_draft_is_not(cast: Cast) -> None:
    save(cast)
    pages.save(cast.users["sanne"], "/gegevens/", {"phone": ["06"]})
    Draft.objects.update(saved_at=timezone.now() - pages.LIFETIME)
    store.delete_expired()
    assert Draft.objects.get().form == FORM


def test_database_refuses_a_second_draft_of_the_same_form_and_object(cast: Cast) -> None:
    draft = save(cast)
    draft.pk = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.save(force_insert=True)
