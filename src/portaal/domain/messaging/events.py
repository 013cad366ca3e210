"""Events of messages, with their words in the history."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portaal.domain.dossiers.models import Dossier
from portaal.domain.journal.registry import EventType, titles_of
from portaal.speed.queries import prepared

from .models import Attachment, CannedReply, Message

BATCH = ("parties", "digests", "from_office")

SENT = EventType(
    "messaging.send",
    Message,
    words=_("sent the message “%(title)s”"),
    fields=BATCH,
    mail=_("Something new"),
)
REPLIED = EventType(
    "messaging.reply",
    Message,
    words=_("answered: “%(title)s”"),
    fields=BATCH,
    mail=_("Something new"),
)
MESSAGES_READ = EventType(
    "messaging.read", Message, words=_("read the message “%(title)s”"), fields=("others",)
)
DOWNLOADED = EventType("messaging.download", Attachment, words=_("downloaded “%(title)s”"))
VIEWED = EventType("messaging.view", Attachment, words=_("opened “%(title)s”"))
RELEASED = EventType(
    "messaging.release", Attachment, words=_("let “%(title)s” through"), fields=("reason",)
)
RESCANNED = EventType("messaging.rescan", Attachment, words=_("had “%(title)s” checked again"))
CANNED_REPLY_SAVED = EventType("messaging.save_canned_reply", CannedReply)
CANNED_REPLY_DELETED = EventType("messaging.delete_canned_reply", CannedReply)


@titles_of(Message)
def _subjects(ids: Sequence[str]) -> dict[str, str]:
    dossiers: dict[UUID, Dossier] = {}  # one object for each, because it unwraps its key once
    messages = _messages(list(map(UUID, ids)))
    for message in messages:
        message.dossier = dossiers.setdefault(message.dossier_id, message.dossier)
    return {str(message.pk): message.content.subject for message in messages}


@prepared
def _messages(ids: list[UUID]) -> QuerySet[Message]:
    columns = ("sealed", "dossier", "dossier__vault__wrapped", "dossier__vault__master")
    return Message.objects.filter(pk__in=ids).select_related("dossier__vault").only(*columns)


@titles_of(Attachment)
def _file_names(ids: Sequence[str]) -> dict[str, str]:
    attachments = Attachment.objects.filter(pk__in=ids).select_related("file")
    return {str(attachment.pk): attachment.file.name for attachment in attachments}
