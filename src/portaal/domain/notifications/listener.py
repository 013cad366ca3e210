"""Creation of notices and e-mail jobs for events of the journal.

The rows are part of the event's transaction, so that every committed act has its e-mail. The task
that sends it looks again at what is new to the login.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from portaal.domain.clients.events import INVITED
from portaal.domain.documents.events import PUBLISHED
from portaal.domain.dossiers.models import Party
from portaal.domain.identity.events import PASSWORD_LINK_REQUESTED, PASSWORD_SET
from portaal.domain.identity.models import User
from portaal.domain.journal.models import Event
from portaal.domain.journal.recording import event_recorded
from portaal.domain.messaging.events import REPLIED, SENT

from . import tasks
from .models import Notice


@receiver(event_recorded, sender=INVITED)
def _invited(event: Event, **_: object) -> None:
    tasks.send_invitation.enqueue(event.object_id)


@receiver(event_recorded, sender=PASSWORD_LINK_REQUESTED)
def _link_requested(event: Event, **_: object) -> None:
    tasks.send_password_link.enqueue(event.object_id)


@receiver(event_recorded, sender=PASSWORD_SET)
def _password_set(event: Event, **_: object) -> None:
    tasks.send_password_set.enqueue(event.object_id, event.at.isoformat())


@receiver(event_recorded, sender=PUBLISHED)
def _published(event: Event, **_: object) -> None:
    parties = Party.objects.filter(publications__publication=UUID(event.object_id))
    for user in parties.informed_logins().filter(
        Q(preference=None) | Q(preference__documents=True)
    ):
        _queue_notice(user, Notice.Kind.DOCUMENT, event)


@receiver(event_recorded, sender=SENT)
@receiver(event_recorded, sender=REPLIED)
def _message_sent(event: Event, **_: object) -> None:
    """Notify the logins that get e-mail about a message of the office.

    Clients' messages send no e-mail: the office's pages count them.
    """
    if not event.details["from_office"]:
        return
    parties = Party.objects.filter(messages__batch=event.object_id)
    for user in parties.informed_logins().filter(Q(preference=None) | Q(preference__messages=True)):
        _queue_notice(user, Notice.Kind.MESSAGE, event)


def _queue_notice(user: User, kind: Notice.Kind, event: Event) -> None:
    Notice.objects.create(user=user, kind=kind, event=event.seq)
    due = timezone.now() + settings.NOTICE_QUIET
    tasks.send_news.using(run_after=due).enqueue(str(user.pk), event.seq)
