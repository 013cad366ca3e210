"""The work of telling: done by the worker, at least once, with the same Message-ID when it is done again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import task

from portaal.domain.accounts.models import Invitation, LinkRequest, User
from portaal.domain.accounts.verbs import issue_password_link
from portaal.domain.documents.models import Publication
from portaal.domain.files.models import StoredFile
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.messaging.models import Message

from . import mail
from .models import Notice

CHECKED_WITHIN = timedelta(minutes=1)  # when it is looked again whether a document was checked


@task()
def send_invitation(invitation_id: str) -> None:
    """The first e-mail (1.1). Its link grants nothing."""
    invitation = Invitation.objects.select_related("membership__user").get(pk=invitation_id)
    user = invitation.membership.user
    if invitation.sent_at or not user.is_active:
        return
    mail.send("invitation", user, link="/welkom/")
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())


@task()
def send_password_link(request_id: str) -> None:
    """The second e-mail (1.1): to the stored address, or to nobody. The typed address is forgotten after it."""
    request = LinkRequest.objects.get(pk=request_id)
    if request.answered_at:
        return
    if answer := issue_password_link(request, by=SYSTEM):
        user, link, token = answer
        hours = max(1, round((link.expires_at - link.made_at).total_seconds() / 3600))
        mail.send("password_link", user, link=f"/wachtwoord/{token}/", hours=hours)
    LinkRequest.objects.filter(pk=request.pk).update(answered_at=timezone.now(), email="")


@task()
def send_password_set(user_id: str, at: str) -> None:
    """The third e-mail (1.1): confirms that the password was set, and says what to do when it was not you."""
    user = User.objects.get(pk=user_id)
    link = "/kantoor/inloggen/" if user.is_staff else "/inloggen/"
    mail.send("password_set", user, link=link, at=datetime.fromisoformat(at))


@task()
def send_news(user_id: str, event: int) -> None:
    """One e-mail for everything new (2.2), once it has been quiet for some minutes. Without content; none for what was read or
    withdrawn in those minutes. It waits for a document that is still being checked: who comes for it can open it.

    Every notice has its own job; the newest one's tells all, so no notice waits for a job that gave up.
    """
    user = User.objects.get(pk=user_id)
    waiting = Notice.objects.filter(user=user, sent_at=None)
    newest = waiting.order_by("-event").first()
    if newest is None or newest.event != event or not user.is_active:
        return
    told, events = zip(*waiting.values_list("pk", "event"), strict=True)
    about = list(Event.objects.filter(seq__in=events).values_list("object_id", flat=True))
    published = Publication.objects.new_to(user).filter(pk__in=about)
    if published.filter(file__state=StoredFile.State.WAITING).exists():
        send_news.using(run_after=timezone.now() + CHECKED_WITHIN).enqueue(user_id, event)
        return
    documents = published.count()
    messages = Message.objects.new_to(user).filter(batch__in=about).count()
    if documents or messages:
        mail.send("news", user, link="/", documents=documents, messages=messages)
    Notice.objects.filter(pk__in=told).update(sent_at=timezone.now())
