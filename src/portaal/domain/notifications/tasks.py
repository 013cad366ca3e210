"""E-mail tasks, run by the worker at least once, with the same Message-ID when repeated."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

from portaal.domain.clients.models import Invitation
from portaal.domain.documents.models import Publication
from portaal.domain.files.models import StoredFile
from portaal.domain.identity.models import LinkRequest, User
from portaal.domain.identity.verbs import issue_password_link
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.messaging.models import Message

from . import mail
from .models import Notice

RETRY_UNSCANNED = timedelta(minutes=1)  # until the next look whether a document has been scanned


@task(queue_name="mail")
def send_invitation(invitation_id: str) -> None:
    """Send the first e-mail (manual 1.1); its link grants nothing."""
    invitation = Invitation.objects.select_related("membership__user").get(pk=invitation_id)
    user = invitation.membership.user
    if invitation.sent_at or not user.is_active:
        return
    mail.send("invitation", user, link="/welkom/")
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())


@task(queue_name="mail")
def send_password_link(request_id: str) -> None:
    """Send the second e-mail (manual 1.1), if the requested address is one of ours.

    It goes to the stored address of the login. The requested address is deleted afterwards.
    """
    request = LinkRequest.objects.filter(pk=request_id, answered_at=None).first()
    if request is None:  # answered already, or so old that it was deleted
        return
    if issued := issue_password_link(request, by=SYSTEM):
        user, link, token = issued
        hours = max(1, round((link.expires_at - link.made_at).total_seconds() / 3600))
        mail.send("password_link", user, link=f"/wachtwoord/{token}/", hours=hours)
    LinkRequest.objects.filter(pk=request.pk).update(answered_at=timezone.now(), email="")


@task(queue_name="mail")
def send_password_set(user_id: str, at: str) -> None:
    """Send the third e-mail (manual 1.1), which confirms a new password.

    It also gives advice in case somebody else set it.
    """
    user = User.objects.get(pk=user_id)
    link = "/kantoor/inloggen/" if user.is_staff else "/inloggen/"
    mail.send("password_set", user, link=link, at=datetime.fromisoformat(at))


@task(queue_name="mail")
def send_news(user_id: str, event: int) -> None:
    """Send one e-mail for everything new (manual 2.2), after some quiet minutes.

    It has no content. Skips publications and messages that were read or withdrawn meanwhile;
    reschedules while a document is still being scanned, so that the reader can open it.

    Each notice has its own job, and the job of the newest one sends all pending notices. So no
    notice depends on a job that was given up.
    """
    user = User.objects.get(pk=user_id)
    pending = Notice.objects.filter(user=user, sent_at=None)
    newest = pending.order_by("-event").first()
    if newest is None or newest.event != event or not user.is_active:
        return
    ids, events = zip(*pending.values_list("pk", "event"), strict=True)
    object_ids = list(Event.objects.filter(seq__in=events).values_list("object_id", flat=True))
    published = Publication.objects.new_to(user).filter(pk__in=object_ids)
    if published.filter(file__state=StoredFile.State.WAITING).exists():
        send_news.using(run_after=timezone.now() + RETRY_UNSCANNED).enqueue(user_id, event)
        return
    documents = published.count()
    messages = Message.objects.new_to(user).filter(batch__in=object_ids).count()
    if documents or messages:
        mail.send("news", user, link="/", documents=documents, messages=messages)
    Notice.objects.filter(pk__in=ids).update(sent_at=timezone.now())
