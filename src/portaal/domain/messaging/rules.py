"""Who may write to whom, and who may open what."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from portaal.domain.accounts.models import User
from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.dossiers.rules import may_handle, may_write, writes_for
from portaal.gateways.prepared import prepared

from .models import Attachment, Message, StandardReply

FILES_MAX = 20  # security.md B5 53
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def may_send(user: User, dossier: Dossier) -> bool:
    """Whoever may write in the dossier."""
    return may_write(user, dossier)


def sends_for(user: User, dossier: Dossier) -> list[Party]:
    """For whom a client's login writes a new message: the first of its parties; nobody where it may not write."""
    return writes_for(user, dossier)[:1]


def sends_again_at(user: User) -> datetime | None:
    """From when this login can send its next message; None for at once. A client's login sends so many in an hour, and in a day
    (security.md E7); the office as many as it needs. Two at once may both take the last place: that does no harm."""
    if user.is_staff:
        return None
    now = timezone.now()
    (sent,) = _sent(user, settings.MESSAGES_HOUR, settings.MESSAGES_DAY)
    waits = [first + window for first, window in zip(sent, (HOUR, DAY), strict=True) if first]
    return max((until for until in waits if until > now), default=None)


@prepared
def _sent(user: User, *many: int) -> QuerySet[User, tuple[datetime | None, ...]]:
    """When the first of its so many newest messages was sent; None where there are not so many."""
    newest = Message.objects.filter(sender=user.pk).order_by("-sent_at").values("sent_at")
    return User.objects.filter(pk=user.pk).values_list(
        *(Subquery(newest[most - 1 : most]) for most in many)
    )


def may_reply(user: User, message: Message) -> bool:
    """The client answers in its own conversation; the office, as long as the party is one that it can write to."""
    if not may_write(user, message.dossier):
        return False
    if user.is_staff:
        return Party.objects.reached_by_messages().filter(pk=message.party_id).exists()
    return Party.objects.writing(user).filter(pk=message.party_id).exists()


def may_read(user: User, *messages: Message) -> bool:
    """Who sees them."""
    names = {message.pk for message in messages}
    return Message.objects.visible_to(user).filter(pk__in=names).count() == len(names)


def may_download(user: User, attachment: Attachment) -> bool:
    """Who sees the message that it came with."""
    return Attachment.objects.visible_to(user).filter(pk=attachment.pk).exists()


def may_release(user: User, attachment: Attachment) -> bool:
    """Whoever handles the dossier says what becomes of a file that is held, also after it is closed."""
    return user.is_staff and may_handle(user, attachment.message.dossier)


def may_change_standard_reply(user: User, reply: StandardReply) -> bool:
    """Everyone of the office changes the office's texts, and nobody those of a colleague."""
    return user.is_staff and user.is_active and reply.owner_id in (None, user.pk)
