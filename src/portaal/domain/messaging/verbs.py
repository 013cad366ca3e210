"""Verbs for messages, their attachments and canned replies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portaal.domain.dossiers.models import Access, Dossier, Party
from portaal.domain.dossiers.permissions import may_write, writing_parties
from portaal.domain.drafts import store as drafts
from portaal.domain.files import verbs as stored
from portaal.domain.files.models import StoredFile
from portaal.domain.files.permissions import NotClean, may_open
from portaal.domain.files.sealing import StoredBytes
from portaal.domain.identity.models import User
from portaal.domain.journal.recording import record, verb
from portaal.domain.texts import normalize

from . import limits, permissions
from .events import (
    CANNED_REPLY_DELETED,
    CANNED_REPLY_SAVED,
    DOWNLOADED,
    MESSAGES_READ,
    RELEASED,
    REPLIED,
    RESCANNED,
    SENT,
    VIEWED,
)
from .models import Attachment, CannedReply, Message, MessageContent
from .placeholders import unfilled, unknown_placeholders
from .validators import FILES_MAX, body_error, clean_content


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
    if by.is_staff:
        _only(may_write(by, dossier))
        chosen = _reachable(dossier, parties)
    else:
        chosen = writing_parties(by, dossier)[:1]
        _only(bool(chosen))
    first, details = _create_batch(
        dossier, by, chosen, subject, body, files, as_office=as_office, submission=submission
    )
    record(SENT, first, by=by, dossier=dossier.pk, submission=submission, **details)
    return first


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
    _only(permissions.may_read(by, message) and permissions.may_reply(by, message))
    dossier, party = message.dossier, message.party
    if by.is_staff:
        Message.objects.filter(thread=message.thread).pending().update(picked_up_at=timezone.now())
    first, details = _create_batch(
        dossier,
        by,
        [party],
        subject,
        body,
        files,
        message,
        as_office=as_office,
        submission=submission,
    )
    record(REPLIED, first, by=by, dossier=dossier.pk, submission=submission, **details)
    return first


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
def download(attachment: Attachment, *, by: User) -> StoredFile:
    """Return an attachment's file for download ("Download").

    Raises NotClean while the file is being checked or is quarantined, also for its sender.
    """
    file = _clean_file(attachment, by)
    record(DOWNLOADED, attachment, by=by, dossier=attachment.message.dossier_id)
    return file


@verb
def view(attachment: Attachment, *, by: User) -> StoredFile:
    """Return an attachment's file to view inline ("Bekijken").

    Same permission and errors as `download`, separate journal event.
    """
    file = _clean_file(attachment, by)
    record(VIEWED, attachment, by=by, dossier=attachment.message.dossier_id)
    return file


@verb
def release(attachment: Attachment, *, by: User) -> Attachment:
    """Release a quarantined attachment ("Toch doorlaten").

    Only for reasons that may be harmless; the handler knows where the file comes from.
    """
    _only(permissions.may_release(by, attachment))
    if stored.release(attachment.file, by=by):
        attachment.file.refresh_from_db()
        dossier, reason = attachment.message.dossier_id, attachment.file.reason
        record(RELEASED, attachment, by=by, dossier=dossier, reason=reason)
    return attachment


@verb
def rescan(attachment: Attachment, *, by: User) -> Attachment:
    """Scan a quarantined attachment once more ("Opnieuw controleren")."""
    _only(permissions.may_rescan(by, attachment))
    if stored.rescan(attachment.file, by=by):
        record(RESCANNED, attachment, by=by, dossier=attachment.message.dossier_id)
    return attachment


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


def _clean_file(attachment: Attachment, user: User) -> StoredFile:
    _only(permissions.may_download(user, attachment))
    if not may_open(attachment.file):
        raise NotClean(attachment.file)
    return attachment.file


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


def _create_batch(
    dossier: Dossier,
    by: User,
    parties: Sequence[Party],
    subject: str,
    body: str,
    files: Sequence[StoredFile | StoredBytes],
    reply_to: Message | None = None,
    *,
    as_office: bool,
    submission: UUID | None,
) -> tuple[Message, dict[str, Any]]:
    """Create the messages of one batch; return the first one and the details of the event."""
    subject, body = clean_content(subject, body)
    if until := limits.next_send_at(by):
        sentence = _(
            "You have sent many messages in a short while. You can send this one from %(moment)s."
        )
        raise ValidationError(sentence % {"moment": _moment(until)})
    if by.is_staff and (open_fields := unfilled(body)):
        raise ValidationError(
            {"body": _("%(fields)s is still to be filled in.") % {"fields": ", ".join(open_fields)}}
        )
    if len(files) > FILES_MAX:
        raise ValidationError(
            {"files": _("A message has at most %(most)s attachments.") % {"most": FILES_MAX}}
        )
    try:
        claimed = stored.claim(*files, by=by, vault=dossier.vault)
    except PermissionDenied:  # sent already, deleted after a day, or not this login's file
        raise ValidationError(
            {"files": _("An attachment is no longer there. Remove it and add it again.")}
        )
    except ValidationError as error:
        raise ValidationError({"files": error.messages})
    messages = [
        Message(dossier=dossier, party=party, from_office=by.is_staff, sender=by)
        for party in parties
    ]
    for message in messages:
        message.as_office, message.reply_to, message.batch = (
            as_office and by.is_staff,
            reply_to,
            messages[0].pk,
        )
        message.thread = reply_to.thread if reply_to else message.pk
        message.seal(MessageContent(subject, body))
    Message.objects.bulk_create(messages)
    Attachment.objects.bulk_create(
        Attachment(message=message, file=file, position=position)
        for message in messages
        for position, file in enumerate(claimed, start=1)
    )
    if submission:
        drafts.delete(by, submission)
    details = {
        "parties": [str(party.pk) for party in parties],
        "digests": [dossier.vault.digest(file.sha256) for file in claimed],
    }
    return messages[0], {**details, "from_office": by.is_staff}


def _moment(until: datetime) -> str:
    """Format a time as day and minute, rounded up, in the reader's language."""
    format = "l G:i" if get_language() == "en" else "l G.i \\u\\u\\r"
    return date_format(timezone.localtime(until + timedelta(seconds=59)), format)


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
