"""The message that somebody is writing, kept at the server: no verb and no event, as nothing was handed in (T22: never in the
browser)."""

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
from portaal.domain.files.models import StoredFile
from portaal.domain.journal.models import Event
from portaal.gateways.prepared import prepared

from . import permissions
from .models import Draft, DraftContent, Message
from .validators import normalize

LIFETIME = timedelta(days=30)
BODY_MAX = 100_000  # characters; far more than can be sent, so that nothing pasted is lost


class AlreadySent(Exception):
    """What should be kept was sent already, from another window."""


def find(user: User, dossier: Dossier, reply_to: Message | None = None) -> Draft | None:
    """What this login has begun to write: in this dossier anew, or as an answer to this message."""
    found = Draft.objects.filter(user=user, dossier=dossier, reply_to=reply_to).first()
    if found:
        found.dossier = dossier
    return found


@prepared
def unsent(user: User, dossier: UUID) -> QuerySet[Draft, tuple[UUID | None]]:
    """What this login has begun to write in a dossier: which messages it is answering, None for a new one."""
    return Draft.objects.filter(user=user, dossier=dossier).values_list("reply_to")


def save(
    user: User,
    dossier: Dossier,
    submission: UUID,
    content: DraftContent,
    *,
    reply_to: Message | None = None,
) -> Draft:
    """Keeps a draft in place of what was kept before. A second window goes on with the draft, and the number, of the first.

    Raises PermissionDenied where this login may not write; AlreadySent when this draft was sent meanwhile.
    """
    if not permissions.may_send(user, dossier):
        raise PermissionDenied
    if Event.objects.filter(actor_id=user.pk, submission=submission).exists():
        raise AlreadySent
    draft = find(user, dossier, reply_to)
    is_new = draft is None
    if draft is None:
        is_taken = Draft.objects.filter(
            pk=submission
        ).exists()  # by a draft of another form or person
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
    except IntegrityError:  # two windows at once began one: the other was first
        return save(user, dossier, submission, content, reply_to=reply_to)
    return draft


def files_of(draft: Draft) -> Sequence[StoredFile]:
    """The draft's attachments that still wait, in its own order."""
    waiting = {
        str(file.pk): file
        for file in StoredFile.objects.pending_of(draft.user, draft.dossier.vault_id)
    }
    return [waiting[pk] for pk in draft.content.files if pk in waiting]


def delete(user: User, draft: UUID) -> None:
    Draft.objects.filter(pk=draft, user=user).delete()


def delete_expired() -> None:
    Draft.objects.filter(saved_at__lte=timezone.now() - LIFETIME).delete()
