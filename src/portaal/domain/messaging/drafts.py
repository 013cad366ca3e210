"""Drafts of messages: their content, their attachments and who may save them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from portaal.domain.dossiers.models import Dossier
from portaal.domain.dossiers.permissions import may_write
from portaal.domain.drafts import store
from portaal.domain.drafts.models import Draft
from portaal.domain.files.models import StoredFile
from portaal.domain.identity.models import User
from portaal.speed.queries import prepared

from .models import Message
from .validators import normalize

NEW, REPLY = "messaging.new", "messaging.new_reply"  # forms, about a dossier and about a message
BODY_MAX = 100_000  # characters; far above the limit of a message, so that no pasted text is lost


@dataclass(frozen=True)
class DraftContent:
    """Content of an unsent message; not validated."""

    subject: str = ""
    body: str = ""
    files: list[str] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    as_office: bool = False


def find(user: User, dossier: Dossier, reply_to: Message | None = None) -> Draft | None:
    """Return the draft of a login for a new message in a dossier, or for a reply to a message."""
    return store.find(user, *_about(dossier, reply_to), dossier.vault)


def content_of(draft: Draft) -> DraftContent:
    return DraftContent(**draft.content)


@prepared
def unsent(user: User, vault: UUID) -> QuerySet[Draft, tuple[str, str]]:
    """Return form and object id of the drafts of a login in the dossier with this vault."""
    return Draft.objects.filter(user=user, vault=vault).values_list("form", "object_id")


def save(
    user: User,
    dossier: Dossier,
    submission: UUID,
    content: DraftContent,
    *,
    reply_to: Message | None = None,
) -> Draft:
    """Store `content` as the draft, in place of an earlier one of the same message.

    Raises PermissionDenied where the login may not write, and drafts.store.AlreadySent when this
    submission was sent meanwhile.
    """
    if not may_write(user, dossier):
        raise PermissionDenied
    data = asdict(content)
    for name in ("subject", "body"):
        data[name] = normalize(data[name])[:BODY_MAX]
    return store.save(user, *_about(dossier, reply_to), dossier.vault, submission, data)


def files_of(draft: Draft) -> Sequence[StoredFile]:
    """Return the attachments of a draft that were not sent or deleted meanwhile, in its order."""
    assert draft.vault_id
    unclaimed = StoredFile.objects.unclaimed_by(draft.user, draft.vault_id)
    pending = {str(file.pk): file for file in unclaimed}
    return [pending[pk] for pk in content_of(draft).files if pk in pending]


def _about(dossier: Dossier, reply_to: Message | None) -> tuple[str, UUID]:
    return (REPLY, reply_to.pk) if reply_to else (NEW, dossier.pk)
