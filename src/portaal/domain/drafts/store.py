"""Drafts of forms, stored on the server and never in the browser (R75).

These functions are no verbs and record no event, as nothing has been submitted yet. The room of a
form checks the permission to write, and knows the content.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from portaal.domain.identity.models import User
from portaal.domain.journal.models import Event
from portaal.domain.keys.models import Vault
from portaal.domain.problems import Conflict

from . import pages
from .models import PAGE, Draft

LIFETIME = timedelta(days=30)


class AlreadySent(Conflict):
    """Raised when the draft to save was already sent, from another window."""


def find(user: User, form: str, object_id: UUID, vault: Vault) -> Draft | None:
    """Return the draft of a login for this form about this object, sealed with this vault."""
    draft = Draft.objects.filter(
        user=user, form=form, object_id=str(object_id), vault=vault
    ).first()
    if draft:
        draft.vault = vault
    return draft


def save(
    user: User,
    form: str,
    object_id: UUID,
    vault: Vault,
    submission: UUID,
    content: Mapping[str, object],
) -> Draft:
    """Store `content` as the draft, in place of an earlier one of the same form and object.

    A second window continues the draft of the first one, with its id. Raises AlreadySent when this
    submission was sent meanwhile.
    """
    if Event.objects.filter(actor_id=user.pk, submission=submission).exists():
        raise AlreadySent
    draft = find(user, form, object_id, vault)
    is_new = draft is None
    if draft is None:
        # Another form or another login may already have a draft with this id.
        is_taken = Draft.objects.filter(pk=submission).exists()
        draft = Draft(
            id=uuid4() if is_taken else submission,
            user=user,
            form=form,
            object_id=str(object_id),
            vault=vault,
        )
    draft.seal(content)
    draft.saved_at = timezone.now()
    try:
        with transaction.atomic():
            draft.save(force_insert=is_new)
    except IntegrityError:  # another window made this draft at the same moment
        return save(user, form, object_id, vault, submission, content)
    return draft


def delete(user: User, draft_id: UUID) -> None:
    """Delete a draft of this login; do nothing if there is none with this id."""
    Draft.objects.filter(pk=draft_id, user=user).delete()


def delete_expired() -> None:
    """Delete the drafts that nobody has changed for LIFETIME, pages for `pages.LIFETIME`."""
    now = timezone.now()
    Draft.objects.filter(saved_at__lte=now - LIFETIME).delete()
    Draft.objects.filter(form=PAGE, saved_at__lte=now - pages.LIFETIME).delete()
