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

from . import rules
from .models import Draft, Kept, Message
from .texts import normal

KEPT = timedelta(days=30)
BODY_KEPT = 100_000  # characters; far more than can be sent, so that nothing pasted is lost


class Sent(Exception):
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


def keep(
    user: User, dossier: Dossier, submission: UUID, kept: Kept, *, reply_to: Message | None = None
) -> Draft:
    """Keeps a draft in place of what was kept before. A second window goes on with the draft, and the number, of the first.

    Raises PermissionDenied where this login may not write; Sent when this draft was sent meanwhile.
    """
    if not rules.may_send(user, dossier):
        raise PermissionDenied
    if Event.objects.filter(actor_id=user.pk, submission=submission).exists():
        raise Sent
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
        Kept(
            normal(kept.subject)[:BODY_KEPT],
            normal(kept.body)[:BODY_KEPT],
            kept.files,
            kept.parties,
            kept.as_office,
        )
    )
    draft.kept_at = timezone.now()
    try:
        with transaction.atomic():
            draft.save(force_insert=is_new)
    except IntegrityError:  # two windows at once began one: the other was first
        return keep(user, dossier, submission, kept, reply_to=reply_to)
    return draft


def files_of(draft: Draft) -> Sequence[StoredFile]:
    """The draft's attachments that still wait, in its own order."""
    waiting = {
        str(file.pk): file
        for file in StoredFile.objects.pending_of(draft.user, draft.dossier.vault_id)
    }
    return [waiting[pk] for pk in draft.kept.files if pk in waiting]


def forget(user: User, draft: UUID) -> None:
    Draft.objects.filter(pk=draft, user=user).delete()


def forget_old() -> None:
    Draft.objects.filter(kept_at__lte=timezone.now() - KEPT).delete()
