"""From an event to what must be told: rows of the same transaction, so an act committed is a mail that will go out."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from portaal.domain.accounts.models import User
from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Party
from portaal.domain.journal.models import Event

from . import tasks
from .models import Notice


def on_event(event: Event) -> None:
    if answer := ANSWERS.get(event.verb):
        answer(event)


def _invited(event: Event) -> None:
    tasks.send_invitation.enqueue(event.object_id)


def _link_requested(event: Event) -> None:
    tasks.send_password_link.enqueue(event.object_id)


def _password_set(event: Event) -> None:
    tasks.send_password_set.enqueue(event.object_id, event.at.isoformat())


def _published(event: Event) -> None:
    publication = Publication.objects.get(pk=event.object_id)
    for user in _logins_that_see(publication):
        Notice.objects.create(user=user, kind=Notice.Kind.DOCUMENT, event=event.seq)
        due = timezone.now() + settings.NOTICE_QUIET
        tasks.send_news.using(run_after=due).enqueue(str(user.pk), event.seq)


def _logins_that_see(publication: Publication) -> list[User]:
    """The logins that this was published to, came in at least once, and want to hear of documents."""
    parties = Party.objects.filter(publications__publication=publication)
    logins = User.objects.filter(
        memberships__client__in=parties.values("client"), deactivated_at=None, password_set_at__isnull=False
    ).filter(Q(preference=None) | Q(preference__documents=True))
    return [user for user in logins.distinct() if Publication.objects.visible_to(user).filter(pk=publication.pk).exists()]


ANSWERS = {
    "accounts.invite": _invited,
    "accounts.request_password_link": _link_requested,
    "accounts.set_password": _password_set,
    "documents.publish": _published,
}
