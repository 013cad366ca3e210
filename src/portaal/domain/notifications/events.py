"""Events of notification preferences and undelivered e-mails."""

from __future__ import annotations

from portaal.domain.identity.models import User
from portaal.domain.jobs.models import Job
from portaal.domain.journal.registry import EventType

NOTIFICATIONS_CHOSEN = EventType("notifications.choose_notifications", User, fields=("fields",))
MAIL_SENT_AGAIN = EventType("notifications.send_again", Job)
MAIL_DROPPED = EventType("notifications.drop", Job)
