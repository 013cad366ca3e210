"""Verbs for messages, their attachments and canned replies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portaal.domain.dossiers.models import Access, Dossier, Party
from portaal.domain.dossiers.permissions import may_write, writing_parties
from portaal.domain.drafts.models import Draft
from portaal.domain.files import verbs as stored
from portaal.domain.files.models import StoredFile
from portaal.domain.files.sealing import StoredBytes
from portaal.domain.identity.models import User
from portaal.domain.journal.recording import record, verb
from portaal.domain.keys.models import Vault

from . import permissions
from .events import (
    CANNED_REPLY_DELETED,
    CANNED_REPLY_SAVED,
    MESSAGES_READ,
    REPLIED,
    SENT,
)
from .models import Attachment, CannedReply, Message, MessageContent
from .placeholders import unknown_placeholders
from .validators import body_error, clean_message, normalize


@verb
def send(
    dossier: Dossier,
    *,
    by: User,
    subject: str,
    body: str,
    parties: Collection[Party] = (),
    files: Sequence[StoredFile | StoredBytes] = (),
    as_office: bool = False,
    submission: UUID | None = None,
) -> Message:
    """Send a new message ("Versturen", manual 2.1.1.5).

    A client's login writes to the office. The office writes to `parties`, each of which gets its
    own message. `files` are pending uploads of this login in this dossier, or files posted with the
    form. Returns the first message of the batch.

    Raises ValidationError by field (subject, body, parties, files), or without a field when the
    rate limit is exceeded; PermissionDenied where the login may not write.
    """
    from_office = by.is_staff
    if from_office:
        _only(may_write(by, dossier))
        chosen = _reachable(dossier, parties)
    else:
        chosen = writing_parties(by, dossier.pk)[:1]
        if not chosen:
            raise PermissionDenied
    content = clean_message(subject, body, by=by, from_office=from_office, file_count=len(files))
    letters = [Message(dossier=dossier, party=party, from_office=from_office) for party in chosen]
    details = _store(letters, content, files, by=by, as_office=as_office, submission=submission)
    record(SENT, letters[0], by=by, dossier=dossier.pk, submission=submission, **details)
    return letters[0]


@verb
def reply(
    message: Message,
    *,
    by: User,
    subject: str,
    body: str,
    files: Sequence[StoredFile | StoredBytes] = (),
    as_office: bool = False,
    submission: UUID | None = None,
) -> Message:
    """Reply in the same conversation, to the same party ("Beantwoorden", manual 2.1.1.5).

    Raises the same errors as `send`.
    """
    _only(permissions.may_reply(by, message))
    dossier, from_office = message.dossier, by.is_staff
    if from_office:
        Message.objects.filter(thread=message.thread).pending().update(picked_up_at=timezone.now())
    content = clean_message(subject, body, by=by, from_office=from_office, file_count=len(files))
    answer = Message(
        dossier=dossier,
        party=message.party,
        from_office=from_office,
        reply_to=message,
        thread=message.thread,
    )
    details = _store([answer], content, files, by=by, as_office=as_office, submission=submission)
    record(REPLIED, answer, by=by, dossier=dossier.pk, submission=submission, **details)
    return answer


@verb
def read(*messages: Message, by: User) -> None:
    """Mark messages of one dossier as read by `by` (manual 2.1.1.5).

    Only the other side's messages get a reading, once for each login. If `by` is the dossier's
    handler, pending messages are picked up.
    """
    dossier, ids = messages[0].dossier, [message.pk for message in messages]
    _only(permissions.may_read(by, *messages))
    if by.pk == dossier.handler_id:
        Message.objects.filter(pk__in=ids).pending().update(picked_up_at=timezone.now())
    theirs = [message.pk for message in messages if message.from_office != by.is_staff]
    new = Message.objects.filter(pk__in=theirs).add_readings(by)
    if not new:
        return
    if not by.is_staff:
        Message.objects.filter(pk__in=new).mark_seen_by_all()
    last, *others = (message for message in reversed(messages) if message.pk in new)
    record(
        MESSAGES_READ,
        last,
        by=by,
        dossier=dossier.pk,
        others=[str(message.pk) for message in others],
    )


@verb
def save_canned_reply(
    reply: CannedReply | None,
    *,
    by: User,
    name: str,
    body: str,
    own: bool = False,
    submission: UUID | None = None,
) -> CannedReply:
    """Create or change a canned reply, for the whole office or with `own` for `by` only.

    Raises ValidationError by field (name, body).
    """
    saved = reply or CannedReply()
    _only(permissions.may_change_canned_reply(by, saved))
    saved.name, saved.body, saved.owner = name.strip(), normalize(body), by if own else None
    if error := body_error(saved.body):
        raise ValidationError({"body": error})
    if unknown := unknown_placeholders(saved.body):
        raise ValidationError(
            {"body": _("%(field)s is no field. Choose one from the list.") % {"field": unknown[0]}}
        )
    saved.clean_fields()
    saved.save()
    record(CANNED_REPLY_SAVED, saved, by=by, submission=submission)
    return saved


@verb
def delete_canned_reply(reply: CannedReply, *, by: User) -> None:
    """Delete a canned reply; messages written with it do not change."""
    _only(permissions.may_change_canned_reply(by, reply))
    if CannedReply.objects.filter(pk=reply.pk).delete()[0]:
        record(CANNED_REPLY_DELETED, reply, by=by)


def _reachable(dossier: Dossier, parties: Collection[Party]) -> list[Party]:
    if not parties:
        raise ValidationError({"parties": _("Choose to whom you write.")})
    reached = Party.objects.with_access(Access.READ).filter(
        dossier=dossier, pk__in=[party.pk for party in parties]
    )
    chosen = list(reached.select_related("client"))
    if len(chosen) != len(parties):
        raise ValidationError(
            {
                "parties": _(
                    "Someone you chose cannot be written to any more. "
                    "Look who can, and choose again."
                )
            }
        )
    return chosen


def _store(
    batch: Sequence[Message],
    content: MessageContent,
    files: Sequence[StoredFile | StoredBytes],
    *,
    by: User,
    as_office: bool,
    submission: UUID | None,
) -> dict[str, Any]:
    """Store the messages of one batch with their attachments; return the details of the event."""
    first, vault = batch[0], batch[0].dossier.vault
    claimed = _claim(files, by=by, vault=vault)
    digests = [vault.digest(file.sha256) for file in claimed]
    for message in batch:
        message.sender, message.as_office = by, as_office and first.from_office
        message.batch, message.thread = first.pk, message.thread or message.pk
        message.seal(content)
    Message.objects.bulk_create(batch)
    Attachment.objects.bulk_create(
        Attachment(message=message, file=file, position=position)
        for message in batch
        for position, file in enumerate(claimed, start=1)
    )
    if submission:
        Draft.objects.filter(pk=submission, user=by).delete()
    parties = [str(message.party_id) for message in batch]
    return {"parties": parties, "digests": digests, "from_office": first.from_office}


def _claim(
    files: Sequence[StoredFile | StoredBytes], *, by: User, vault: Vault
) -> list[StoredFile]:
    try:
        return stored.claim(*files, by=by, vault=vault)
    except PermissionDenied:  # sent already, deleted after a day, or not this login's file
        raise ValidationError(
            {"files": _("An attachment is no longer there. Remove it and add it again.")}
        )
    except ValidationError as error:
        raise ValidationError({"files": error.messages})


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
