"""Permissions for messages, their attachments and canned replies."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from portaal.domain.clients.permissions import may_manage_clients
from portaal.domain.dossiers.models import Access, Party
from portaal.domain.dossiers.permissions import may_handle, may_release_files, may_write
from portaal.domain.identity.models import User
from portaal.speed.queries import prepared

from .models import Attachment, CannedReply, Message


def may_reply(user: User, message: Message) -> bool:
    """Clients reply in their own conversation, the office to parties that it can write to."""
    if not may_write(user, message.dossier):
        return False
    parties = _readers(message.party_id) if user.is_staff else _writers(user, message.party_id)
    return bool(parties)


def may_read(user: User, *messages: Message) -> bool:
    """A message may be read where it is visible; with several, all of them must be."""
    ids = list({message.pk for message in messages})
    return len(_visible_ids(user, ids)) == len(ids)


def may_download(user: User, attachment: Attachment) -> bool:
    """Readers of a message may download its attachments."""
    return bool(_visible_ids(user, [attachment.message_id]))


def may_release(user: User, attachment: Attachment) -> bool:
    """Handlers of the dossier release a quarantined file, also after it is closed."""
    return may_release_files(user, attachment.message.dossier)


def may_rescan(user: User, attachment: Attachment) -> bool:
    """Staff of the dossier have a quarantined file checked again."""
    return may_handle(user, attachment.message.dossier)


def may_change_canned_reply(user: User, reply: CannedReply) -> bool:
    """Staff change the replies of the whole office and their own, not those of a colleague."""
    return may_manage_clients(user) and reply.owner_id in (None, user.pk)


@prepared
def _readers(party: UUID) -> QuerySet[Party, tuple[UUID]]:
    return Party.objects.with_access(Access.READ).filter(pk=party).values_list("pk")


@prepared
def _writers(user: User, party: UUID) -> QuerySet[Party, tuple[UUID]]:
    return Party.objects.accessible_to(user, Access.WRITE).filter(pk=party).values_list("pk")


@prepared
def _visible_ids(user: User, ids: list[UUID]) -> QuerySet[Message, tuple[UUID]]:
    return Message.objects.visible_to(user).filter(pk__in=ids).values_list("pk")
