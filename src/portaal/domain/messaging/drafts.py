"""Drafts of messages, stored on the server and never in the browser.

These functions are no verbs and record no event, as nothing has been submitted yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from portaal.domain.accounts.models import User
from portaal.domain.dossiers.models import Dossier
from portaal.domain.dossiers.permissions import may_write
from portaal.domain.files.models import StoredFile
from portaal.domain.journal.models import Event
from portaal.domain.problems import Conflict
from portaal.gateways.prepared import prepared

from .models import Draft, DraftContent, Message
from .validators import normalize

LIFETIME = timedelta(days=30)
BODY_MAX = 100_000  # characters; far above the limit of a message, so that no pasted text is lost


class AlreadySent(Conflict):
    """Raised when the draft to save was already sent, from another window."""


def find(user: User, dossier: Dossier, reply_to: Message | None = None) -> Draft | None:
    """Return the draft of a login for a new message in a dossier, or for a reply to a message."""
    draft = Draft.objects.filter(user=user, dossier=dossier, reply_to=reply_to).first()
    if draft:
        draft.dossier = dossier
    return draft


@prepared
def unsent(user: User, dossier: UUID) -> QuerySet[Draft, tuple[UUID | None]]:
    """Return the ids of the messages that a login's drafts reply to; None for a new message."""
    return Draft.objects.filter(user=user, dossier=dossier).values_list("reply_to")


def save(
    user: User,
    dossier: Dossier,
    submission: UUID,
    content: DraftContent,
    *,
    reply_to: Message | None = None,
) -> Draft:
    """Store `content` as the draft, in place of an earlier one of the same message.

    A second window continues the draft of the first one, with its id. Raises PermissionDenied
    where the login may not write, and AlreadySent when this submission was sent meanwhile.
    """
    if not may_write(user, dossier):
        raise PermissionDenied
    if Event.objects.filter(actor_id=user.pk, submission=submission).exists():
        raise AlreadySent
    draft = find(user, dossier, reply_to)
    is_new = draft is None
    if draft is None:
        # Another form or another login may already have a draft with this id.
        is_taken = Draft.objects.filter(pk=submission).exists()
        draft = Draft(
            id=uuid4() if is_taken else submission, user=user, dossier=dossier, reply_to=reply_to
        )
    draft.seal(
        DraftContent(
            normalize(content.subject)[:BODY_MAX],
            normalize(content.body)[:BODY_MAX],
            content.files,
            content.parties,
            content.as_office,
        )
    )
    draft.saved_at = timezone.now()
    try:
        with transaction.atomic():
            draft.save(force_insert=is_new)
    except IntegrityError:  # another window made this draft at the same moment
        return save(user, dossier, submission, content, reply_to=reply_to)
    return draft


def files_of(draft: Draft) -> Sequence[StoredFile]:
    """Return the attachments of a draft that were not sent or deleted meanwhile, in its order."""
    pending = {
        str(file.pk): file
        for file in StoredFile.objects.unclaimed_by(draft.user, draft.dossier.vault_id)
    }
    return [pending[pk] for pk in draft.content.files if pk in pending]


def delete(user: User, draft: UUID) -> None:
    Draft.objects.filter(pk=draft, user=user).delete()


def delete_expired() -> None:
    Draft.objects.filter(saved_at__lte=timezone.now() - LIFETIME).delete()
