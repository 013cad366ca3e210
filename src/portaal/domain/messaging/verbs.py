"""What can happen to messages."""

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

from portaal.domain.accounts.models import User
from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.files import verbs as stored
from portaal.domain.files.models import StoredFile
from portaal.domain.files.receipt import Received
from portaal.domain.files.rules import NotClean, may_open
from portaal.domain.journal.recording import record, verb

from . import limits, permissions
from .models import Attachment, CannedReply, Draft, Message, MessageContent, Reading
from .placeholders import unfilled, unknown_placeholders
from .validators import FILES_MAX, body_error, clean_content, normalize


@verb
def send(
    dossier: Dossier,
    *,
    by: User,
    subject: str,
    body: str,
    parties: Collection[Party] = (),
    files: Sequence[StoredFile | Received] = (),
    as_office: bool = False,
    submission: UUID | None = None,
) -> Message:
    """'Versturen' of a new message (2.1.1.5): a client's to the office, or the office's to these parties, each its own copy.

    `files` were sent before and wait for this login in this dossier, or came in with this message. Returns the first of the
    batch. Raises ValidationError by field (subject, body, parties, files), and of none where it has sent too many;
    PermissionDenied where this login may not write.
    """
    if by.is_staff:
        _only(permissions.may_send(by, dossier))
        chosen = _addressed(dossier, parties)
    else:
        chosen = permissions.sends_for(by, dossier)
        _only(bool(chosen))
    first, facts = _write(
        dossier, by, chosen, subject, body, files, as_office=as_office, submission=submission
    )
    record("messaging.send", first, by=by, dossier=dossier.pk, submission=submission, **facts)
    return first


@verb
def reply(
    message: Message,
    *,
    by: User,
    subject: str,
    body: str,
    files: Sequence[StoredFile | Received] = (),
    as_office: bool = False,
    submission: UUID | None = None,
) -> Message:
    """'Beantwoorden' (2.1.1.5): goes on in the same conversation, with the same party. Raises as `send` does."""
    _only(permissions.may_read(by, message) and permissions.may_reply(by, message))
    dossier, party = message.dossier, message.party
    if by.is_staff:
        Message.objects.filter(thread=message.thread).pending().update(picked_up_at=timezone.now())
    first, facts = _write(
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
    record("messaging.reply", first, by=by, dossier=dossier.pk, submission=submission, **facts)
    return first


@verb
def read(*messages: Message, by: User) -> None:
    """Opening messages of one dossier (2.1.1.5): the first time that somebody of the other side does, it is noted when. One's own
    are not. What waits for the handler is taken up by them."""
    dossier, ids = messages[0].dossier, [message.pk for message in messages]
    _only(permissions.may_read(by, *messages))
    if by.pk == dossier.handler_id:
        Message.objects.filter(pk__in=ids).pending().update(picked_up_at=timezone.now())
    theirs = [message for message in messages if message.from_office != by.is_staff]
    if not _unread(theirs, by):
        return
    # Two windows at once: the second waits here, and then finds nothing new.
    list(Message.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    if new := _unread(theirs, by):
        Reading.objects.bulk_create(Reading(message=message, user=by) for message in new)
        if not by.is_staff:
            Message.objects.filter(pk__in=[message.pk for message in new]).mark_seen_by_all()
        last, *others = reversed(new)
        record(
            "messaging.read",
            last,
            by=by,
            dossier=dossier.pk,
            others=[str(message.pk) for message in others],
        )


@verb
def download(attachment: Attachment, *, by: User) -> StoredFile:
    """'Download' of an attachment, at any time, by whoever sees its message.

    Raises NotClean while the file is being checked or is held, also for who sent it.
    """
    file = _opened(attachment, by)
    record("messaging.download", attachment, by=by, dossier=attachment.message.dossier_id)
    return file


@verb
def view(attachment: Attachment, *, by: User) -> StoredFile:
    """'Bekijken' of an attachment: may what `download` may, and is told apart from it in the history. Raises as it does."""
    file = _opened(attachment, by)
    record("messaging.view", attachment, by=by, dossier=attachment.message.dossier_id)
    return file


@verb
def release(attachment: Attachment, *, by: User) -> Attachment:
    """Toch doorlaten: an attachment is held for what can be meant well, and the handler knows where it comes from."""
    _only(permissions.may_release(by, attachment))
    if stored.release(attachment.file, by=by):
        attachment.file.refresh_from_db()
        dossier, reason = attachment.message.dossier_id, attachment.file.reason
        record("messaging.let_through", attachment, by=by, dossier=dossier, reason=reason)
    return attachment


@verb
def rescan(attachment: Attachment, *, by: User) -> Attachment:
    """Opnieuw controleren: a held attachment goes to the scanner once more."""
    _only(permissions.may_release(by, attachment))
    if stored.rescan(attachment.file, by=by):
        record("messaging.check_again", attachment, by=by, dossier=attachment.message.dossier_id)
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
    """Makes or changes a standard reply, for the whole office or for oneself. Raises ValidationError by field."""
    kept = reply or CannedReply()
    _only(permissions.may_change_canned_reply(by, kept))
    kept.name, kept.body, kept.owner = name.strip(), normalize(body), by if own else None
    if fault := body_error(kept.body):
        raise ValidationError({"body": fault})
    if unknown := unknown_placeholders(kept.body):
        raise ValidationError(
            {"body": _("%(field)s is no field. Choose one from the list.") % {"field": unknown[0]}}
        )
    kept.clean_fields()
    kept.save()
    record("messaging.keep_standard_reply", kept, by=by, submission=submission)
    return kept


@verb
def delete_canned_reply(reply: CannedReply, *, by: User) -> None:
    """Removes a standard reply; what was written with it stays as it is."""
    _only(permissions.may_change_canned_reply(by, reply))
    if CannedReply.objects.filter(pk=reply.pk).delete()[0]:
        record("messaging.drop_standard_reply", reply, by=by)


def _unread(messages: Sequence[Message], user: User) -> list[Message]:
    """Those of these that this login has not opened yet."""
    known = set(
        Reading.objects.filter(user=user, message__in=messages).values_list("message", flat=True)
    )
    return [message for message in messages if message.pk not in known]


def _opened(attachment: Attachment, user: User) -> StoredFile:
    _only(permissions.may_download(user, attachment))
    if not may_open(attachment.file):
        raise NotClean(attachment.file)
    return attachment.file


def _addressed(dossier: Dossier, parties: Collection[Party]) -> list[Party]:
    if not parties:
        raise ValidationError({"parties": _("Choose to whom you write.")})
    reached = Party.objects.reached_by_messages().filter(
        dossier=dossier, pk__in=[party.pk for party in parties]
    )
    chosen = list(reached.select_related("client"))
    if len(chosen) != len(parties):
        raise ValidationError(
            {
                "parties": _(
                    "Someone you chose cannot be written to any more. Look who can, and choose again."
                )
            }
        )
    return chosen


def _write(
    dossier: Dossier,
    by: User,
    parties: Sequence[Party],
    subject: str,
    body: str,
    files: Sequence[StoredFile | Received],
    reply_to: Message | None = None,
    *,
    as_office: bool,
    submission: UUID | None,
) -> tuple[Message, dict[str, Any]]:
    """Makes the messages of one batch. Returns the first, and what the journal says of them."""
    subject, body = clean_content(subject, body)
    if until := limits.next_send_at(by):
        said = _(
            "You have sent many messages in a short while. You can send this one from %(moment)s."
        )
        raise ValidationError(said % {"moment": _moment(until)})
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
    except PermissionDenied:  # sent already, removed after a day, or never this login's
        raise ValidationError(
            {"files": _("An attachment is no longer there. Remove it and add it again.")}
        )
    except ValidationError as fault:
        raise ValidationError({"files": fault.messages})
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
        Draft.objects.filter(pk=submission, user=by).delete()
    facts = {
        "parties": [str(party.pk) for party in parties],
        "files": [file.sha256 for file in claimed],
    }
    return messages[0], {**facts, "from_office": by.is_staff}


def _moment(until: datetime) -> str:
    """Day and minute, in the reader's language; the minute after it, as seconds are not said."""
    how = "l G:i" if get_language() == "en" else "l G.i \\u\\u\\r"
    return date_format(timezone.localtime(until + timedelta(seconds=59)), how)


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
