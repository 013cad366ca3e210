"""What can happen to messages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from portaal.domain.accounts.models import User
from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.files.models import StoredFile
from portaal.domain.files.verbs import claim
from portaal.domain.journal.verbs import record, verb

from . import rules
from .models import Attachment, Draft, Message, Reading, Words
from .texts import checked


@verb
def send(
    dossier: Dossier,
    *,
    by: User,
    subject: str,
    body: str,
    parties: Collection[Party] = (),
    files: Sequence[StoredFile] = (),
    as_office: bool = False,
    submission: UUID | None = None,
) -> Message:
    """'Versturen' of a new message (2.1.1.5): a client's to the office, or the office's to these parties, each its own copy.

    Returns the first of the batch. Raises ValidationError by field (subject, body, files, parties); PermissionDenied where this
    login may not write, or for a file that is not waiting for it in this dossier.
    """
    _only(rules.may_send(by, dossier))
    chosen = _addressed(dossier, parties) if by.is_staff else list(Party.objects.writing(by).filter(dossier=dossier)[:1])
    first, facts = _write(dossier, by, chosen, subject, body, files, as_office=as_office, submission=submission)
    record("messaging.send", first, by=by, dossier=dossier.pk, submission=submission, **facts)
    return first


@verb
def reply(
    message: Message,
    *,
    by: User,
    subject: str,
    body: str,
    files: Sequence[StoredFile] = (),
    as_office: bool = False,
    submission: UUID | None = None,
) -> Message:
    """'Beantwoorden' (2.1.1.5): goes on in the same conversation, with the same party. Raises as `send` does."""
    _only(rules.may_read(by, message) and rules.may_reply(by, message))
    dossier, party = message.dossier, message.party
    first, facts = _write(dossier, by, [party], subject, body, files, message, as_office=as_office, submission=submission)
    record("messaging.reply", first, by=by, dossier=dossier.pk, submission=submission, **facts)
    return first


@verb
def read(message: Message, *, by: User) -> Message:
    """Opening a message (2.1.1.5): the first time that somebody of the other side does, it is noted when. One's own is not."""
    _only(rules.may_read(by, message))
    if by.is_staff != message.from_office and Reading.objects.get_or_create(message=message, user=by)[1]:
        record("messaging.read", message, by=by, dossier=message.dossier_id)
    return message


@verb
def download(attachment: Attachment, *, by: User) -> StoredFile:
    """'Download' of an attachment, at any time, by whoever sees its message."""
    _only(rules.may_download(by, attachment))
    record("messaging.download", attachment, by=by, dossier=attachment.message.dossier_id)
    return attachment.file


def _addressed(dossier: Dossier, parties: Collection[Party]) -> list[Party]:
    if not parties:
        raise ValidationError({"parties": _("Choose to whom you write.")})
    reached = Party.objects.reached_by_messages().filter(dossier=dossier, pk__in=[party.pk for party in parties])
    chosen = list(reached.select_related("client"))
    if len(chosen) != len(parties):
        raise ValidationError({"parties": _("Someone you chose cannot be written to any more. Look who can, and choose again.")})
    return chosen


def _write(
    dossier: Dossier,
    by: User,
    parties: Sequence[Party],
    subject: str,
    body: str,
    files: Sequence[StoredFile],
    reply_to: Message | None = None,
    *,
    as_office: bool,
    submission: UUID | None,
) -> tuple[Message, dict[str, Any]]:
    """Makes the messages of one batch. Returns the first, and what the journal says of them."""
    subject, body = checked(subject, body)
    if len(files) > rules.FILES_MAX:
        raise ValidationError({"files": _("A message has at most %(most)s attachments.") % {"most": rules.FILES_MAX}})
    claimed = [claim(file, by=by, vault=dossier.vault) for file in files]
    messages = [Message(dossier=dossier, party=party, from_office=by.is_staff, sender=by) for party in parties]
    for message in messages:
        message.as_office, message.reply_to, message.batch = as_office and by.is_staff, reply_to, messages[0].pk
        message.thread = reply_to.thread if reply_to else message.pk
        message.seal(Words(subject, body))
    Message.objects.bulk_create(messages)
    Attachment.objects.bulk_create(
        Attachment(message=message, file=file, position=position)
        for message in messages
        for position, file in enumerate(claimed, start=1)
    )
    if submission:
        Draft.objects.filter(pk=submission, user=by).delete()
    facts = {"parties": [str(party.pk) for party in parties], "files": [file.sha256 for file in claimed]}
    return messages[0], {**facts, "from_office": by.is_staff}


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
