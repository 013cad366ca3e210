"""Messages of a client (manual 2.1.1.5): read, write, reply, and their attachments."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from portaal.domain.dossiers.models import Dossier, VisibleDossiers
from portaal.domain.identity.models import User
from portaal.domain.messaging import drafts, permissions, verbs
from portaal.domain.messaging.holders import AttachmentFile
from portaal.domain.messaging.models import Attachment, Message, VisibleMessages
from portaal.faces.shared import files
from portaal.faces.shared.access import ClientRequest, client
from portaal.faces.shared.compose.drafts import save_draft
from portaal.faces.shared.compose.writing import Page, write
from portaal.faces.shared.downloads import same_site
from portaal.faces.shared.uploads.handlers import takes_files
from portaal.speed.queries import prepared
from portaal.web.lookups import get_or_404

from ..page import show
from .forms import MessageForm

JUST_NOW = timedelta(minutes=2)  # how long the page of a message says that it was sent


@client
@require_safe
def message(request: ClientRequest, pk: UUID) -> HttpResponse:
    message = _message.get_or_404(request.user, pk)
    verbs.read(message, by=request.user)
    may_reply = message.from_office and permissions.may_reply(request.user, message)
    return show(
        request,
        "messages/message.html",
        section="dossiers",
        message=message,
        attachments=_attachments(message),
        read_at=_read_by_the_office(message),
        just_sent=message.sender_id == request.user.pk
        and timezone.now() - message.sent_at < JUST_NOW,
        may_reply=may_reply,
        draft=drafts.find(request.user, message.dossier, message) if may_reply else None,
        answer=_answer.first(request.user, message) if message.from_office else None,
    )


@takes_files
@client
@require_http_methods(["GET", "HEAD", "POST"])
def message_new(request: ClientRequest, pk: UUID) -> HttpResponse:
    dossier = _dossier.get_or_404(request.user, pk)
    page = write(request, MessageForm, dossier)
    return redirect("client:message", pk=page.sent.pk) if page.sent else _form(request, page)


@takes_files
@client
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: ClientRequest, pk: UUID) -> HttpResponse:
    message = get_or_404(_seen(request.user), pk=pk)
    page = write(request, MessageForm, message.dossier, message)
    return redirect("client:message", pk=page.sent.pk) if page.sent else _form(request, page)


@client
@require_POST
def draft(request: ClientRequest, pk: UUID) -> JsonResponse:
    """Save the draft of a new message or of a reply."""
    dossier = _dossier.get_or_404(request.user, pk)
    seen = _seen(request.user).filter(dossier=dossier)
    return save_draft(request, dossier, seen, lambda: _tab(dossier))


@client
@require_GET
@same_site
def attachment(request: ClientRequest, pk: UUID) -> HttpResponseBase:
    return files.download(request, _attachment(request, pk))


@client
@require_GET
@same_site
def attachment_shown(request: ClientRequest, pk: UUID) -> HttpResponseBase:
    return files.view_inline(request, _attachment(request, pk))


@prepared
def _dossier(user: User, pk: UUID) -> VisibleDossiers:
    return Dossier.objects.visible_to(user).filter(pk=pk).select_related("vault")


def _attachment(request: ClientRequest, pk: UUID) -> AttachmentFile:
    seen = Attachment.objects.visible_to(request.user).select_related(
        "file__vault", "file__copy__vault", "message"
    )
    return AttachmentFile(get_or_404(seen, pk=pk))


def _seen(user: User) -> VisibleMessages:
    return Message.objects.visible_to(user).select_related("dossier__vault", "sender", "party")


@prepared
def _message(user: User, pk: UUID) -> VisibleMessages:
    return _seen(user).filter(pk=pk).select_related("reply_to__sender")


@prepared
def _answer(user: User, message: Message) -> QuerySet[Message]:
    """Return the newest reply to a message."""
    return _seen(user).filter(reply_to=message)[:1]


@prepared
def _attachments(message: Message) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message=message).select_related("file__copy")


def _form(request: ClientRequest, page: Page) -> HttpResponse:
    """Show the form of a message that was not sent, or go back to the dossier."""
    if page.is_discarded:
        messages.info(request, _("The draft has been discarded."))
        return redirect(_tab(page.dossier))
    if request.method != "POST" and not page.may_write:
        raise PermissionDenied
    return show(
        request,
        "messages/write.html",
        section="dossiers",
        status=400 if page.form.errors else 200,
        **page.context(),
    )


def _tab(dossier: Dossier) -> str:
    return reverse("client:dossier_tab", args=[dossier.pk, "berichten"])


def _read_by_the_office(message: Message) -> datetime | None:
    """Return when the office first read the client's message; None for the office's own."""
    first = None if message.from_office else message.readings.order_by("read_at").first()
    return first.read_at if first else None
