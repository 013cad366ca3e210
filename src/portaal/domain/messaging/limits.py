"""Rate limit for sending messages."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from portaal.domain.identity.models import User
from portaal.speed.queries import prepared

from .models import Message

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def next_send_at(user: User) -> datetime | None:
    """Return when this login may send its next message; None for now.

    A client's login has a maximum an hour and a day (MESSAGES_HOUR, MESSAGES_DAY); the office has
    none. Two simultaneous messages may both get the last place, which does no harm.
    """
    if user.is_staff:
        return None
    now = timezone.now()
    (sent,) = _nth_newest(user, settings.MESSAGES_HOUR, settings.MESSAGES_DAY)
    allowed = [first + window for first, window in zip(sent, (HOUR, DAY), strict=True) if first]
    return max((at for at in allowed if at > now), default=None)


@prepared
def _nth_newest(user: User, *ranks: int) -> QuerySet[User, tuple[datetime | None, ...]]:
    """Return when the n-th newest message of a login was sent, for each n, or None."""
    newest = Message.objects.filter(sender=user.pk).order_by("-sent_at").values("sent_at")
    return User.objects.filter(pk=user.pk).values_list(
        *(Subquery(newest[rank - 1 : rank]) for rank in ranks)
    )
