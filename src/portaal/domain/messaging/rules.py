"""Who may write to whom, and who may open what."""

from __future__ import annotations

from portaal.domain.accounts.models import User
from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.dossiers.rules import may_handle, may_write

from .models import Attachment, Message, StandardReply

FILES_MAX = 20  # security.md B5 53


def may_send(user: User, dossier: Dossier) -> bool:
    """Whoever may write in the dossier."""
    return may_write(user, dossier)


def may_reply(user: User, message: Message) -> bool:
    """The client answers in its own conversation; the office, as long as the party is one that it can write to."""
    if not may_write(user, message.dossier):
        return False
    if user.is_staff:
        return Party.objects.reached_by_messages().filter(pk=message.party_id).exists()
    return Party.objects.writing(user).filter(pk=message.party_id).exists()


def may_read(user: User, message: Message) -> bool:
    """Who sees it."""
    return Message.objects.visible_to(user).filter(pk=message.pk).exists()


def may_download(user: User, attachment: Attachment) -> bool:
    """Who sees the message that it came with."""
    return Attachment.objects.visible_to(user).filter(pk=attachment.pk).exists()


def may_settle(user: User, attachment: Attachment) -> bool:
    """Whoever handles the dossier says what becomes of a file that is held, also after it is closed."""
    return user.is_staff and may_handle(user, attachment.message.dossier)


def may_change_standard_reply(user: User, reply: StandardReply) -> bool:
    """Everyone of the office changes the office's texts, and nobody those of a colleague."""
    return user.is_staff and user.is_active and reply.owner_id in (None, user.pk)
