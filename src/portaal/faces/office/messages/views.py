"""Messages at the office: conversations, replies, new messages and their attachments."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from portaal.domain.dossiers.models import Access, Dossier, Party
from portaal.domain.dossiers.permissions import may_handle, may_release_files, may_write
from portaal.domain.identity.models import User
from portaal.domain.messaging import permissions, placeholders, verbs
from portaal.domain.messaging.holders import AttachmentFile
from portaal.domain.messaging.models import Attachment, Message, VisibleMessages
from portaal.faces.shared import files
from portaal.faces.shared.access import StaffRequest, staff
from portaal.faces.shared.compose.drafts import save_draft
from portaal.faces.shared.compose.writing import Page as WritingPage
from portaal.faces.shared.compose.writing import write
from portaal.faces.shared.downloads import same_site
from portaal.faces.shared.uploads.handlers import takes_files
from portaal.speed.queries import prepared
from portaal.web.lookups import get_or_404
from portaal.web.pages import PER_PAGE, Pages

from ..dossiers.page import dossier_context, dossier_with_head
from .forms import NewMessageForm, ReplyForm


@staff
@require_safe
def conversations(request: StaffRequest, pk: UUID) -> HttpResponse:
    dossier = dossier_with_head.get_or_404(request.user, pk)
    page = Pages(_threads(request.user, dossier), PER_PAGE).get_page(request.GET.get("page"))
    for each in page:
        each.dossier = dossier
    context = {
        **dossier_context(dossier),
        "page_obj": page,
        "may_write": may_write(request.user, dossier),
    }
    return render(request, "office/messages/conversations.html", context)


@takes_files
@staff
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show a message in its conversation, mark it as read, and show the form of a reply."""
    message = _message.get_or_404(request.user, pk)
    dossier = dossier_with_head.get_or_404(request.user, message.dossier_id)
    message.dossier = dossier
    page = _page_of_thread(request, message)
    thread = _thread(dossier, list(page))
    if request.method != "POST" and any(
        not each.from_office
        and request.user not in [reading.user for reading in each.readings.all()]
        for each in thread
    ):
        verbs.read(*thread, by=request.user)
    writing = write(request, ReplyForm, dossier, message, user=request.user)
    if answer := _answer(request, writing, [message.party]):
        return answer
    return render(
        request,
        "office/messages/conversation.html",
        {
            **dossier_context(dossier),
            **writing.context(),
            "message": message,
            "thread": thread,
            "copies": _copies(request, message, thread),
            "page_obj": page,
            "others": _others(request.user, message),
            "may_write": writing.may_write,
            "may_rescan": may_handle(request.user, dossier),
            "may_release": may_release_files(request.user, dossier),
            "may_reply": permissions.may_reply(request.user, message),
        },
        status=400 if writing.form.errors else 200,
    )


@takes_files
@staff
@require_http_methods(["GET", "HEAD", "POST"])
def message_new(request: StaffRequest, pk: UUID) -> HttpResponse:
    dossier = dossier_with_head.get_or_404(request.user, pk)
    reading = Party.objects.filter(dossier=dossier).with_access(Access.READ)
    parties = reading.select_related("client")
    writing = write(request, NewMessageForm, dossier, user=request.user, parties=parties)
    if request.method != "POST" and not writing.may_write:
        raise PermissionDenied
    chosen = request.POST.getlist("parties")
    if answer := _answer(request, writing, [party for party in parties if str(party.pk) in chosen]):
        return answer
    context = {**dossier_context(dossier), **writing.context()}
    return render(
        request,
        "office/messages/message_new.html",
        context,
        status=400 if writing.form.errors else 200,
    )


@staff
@require_POST
def draft(request: StaffRequest, pk: UUID) -> JsonResponse:
    """Save the draft of a new message or of a reply."""
    dossier = get_or_404(Dossier.objects.visible_to(request.user).select_related("vault"), pk=pk)
    seen = Message.objects.visible_to(request.user).filter(dossier=dossier)
    return save_draft(request, dossier, seen, lambda: reverse("office:conversations", args=[pk]))


@staff
@require_GET
@same_site
def attachment(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    return files.download(request, _attachment(request, pk))


@staff
@require_GET
@same_site
def attachment_shown(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    return files.view_inline(request, _attachment(request, pk))


@staff
@require_GET
@same_site
def attachments(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Send all attachments of a message in one ZIP."""
    message = get_or_404(Message.objects.visible_to(request.user).select_related("dossier"), pk=pk)
    rows = message.attachments.select_related("file__vault", "message")
    return files.download_all(request, map(AttachmentFile, rows), f"{message.dossier.number}.zip")


@staff
@require_POST
def attachment_release(request: StaffRequest, pk: UUID) -> HttpResponse:
    holder = _attachment(request, pk)
    files.release(request, holder)
    return redirect("office:message", pk=holder.row.message_id)


@staff
@require_POST
def attachment_rescan(request: StaffRequest, pk: UUID) -> HttpResponse:
    holder = _attachment(request, pk)
    files.rescan(request, holder)
    return redirect("office:message", pk=holder.row.message_id)


def _attachment(request: StaffRequest, pk: UUID) -> AttachmentFile:
    seen = Attachment.objects.visible_to(request.user)
    related = seen.select_related("file__vault", "file__copy__vault", "message__dossier")
    return AttachmentFile(get_or_404(related, pk=pk))


def _answer(
    request: StaffRequest, writing: WritingPage, parties: list[Party]
) -> HttpResponse | None:
    """Go on after sending or discarding, or insert a canned reply; None to show the form."""
    dossier = writing.dossier
    if writing.is_discarded:
        messages.info(request, _("The draft has been discarded."))
        return redirect("office:conversations", pk=dossier.pk)
    if "insert" in request.POST:
        canned = writing.form.cleaned_data.get("standard")
        party = parties[0] if len(parties) == 1 else None
        writing.insert(
            placeholders.fill(canned.body, dossier, party, language=_language_of(party))
            if canned
            else ""
        )
        if not canned:
            messages.info(request, _("Choose a standard reply first."))
    if writing.sent is None:
        return None
    number = Message.objects.visible_to(request.user).filter(batch=writing.sent.batch).count()
    text = ngettext(
        "Your message has been sent.", "Your message has been sent to %(number)s parties.", number
    )
    messages.success(request, text % {"number": number})
    return (
        redirect("office:message", pk=writing.sent.pk)
        if number == 1
        else redirect("office:conversations", pk=dossier.pk)
    )


@prepared
def _message(user: User, pk: UUID) -> VisibleMessages:
    seen = Message.objects.visible_to(user).filter(pk=pk)
    return seen.select_related("party__client", "sender")


def _threads(user: User, dossier: Dossier) -> QuerySet[Message]:
    seen = Message.objects.visible_to(user).filter(dossier=dossier).threads()
    return seen.select_related("party__client", "sender")


def _others(user: User, message: Message) -> list[Message]:
    """Return the newest messages of other conversations in the same dossier."""
    others = _threads_but_one(user, message.dossier, message.thread)
    for each in others:
        each.dossier = message.dossier
    return others


@prepared
def _threads_but_one(user: User, dossier: Dossier, thread: UUID) -> QuerySet[Message]:
    return _threads(user, dossier).exclude(thread=thread)[:10]


def _page_of_thread(request: StaffRequest, message: Message) -> Page[Message]:
    """Return the requested page of a conversation, else the message's. The newest are first."""
    thread = Message.objects.visible_to(request.user).filter(thread=message.thread)
    newer = thread.filter(sent_at__gt=message.sent_at).count()
    rows = thread.select_related("sender", "party__client").with_unread(request.user)
    rows = rows.prefetch_related("attachments__file__copy", "readings__user").order_by(
        "-sent_at", "-pk"
    )
    return Pages(rows, PER_PAGE).get_page(request.GET.get("page") or newer // PER_PAGE + 1)


def _thread(dossier: Dossier, newest_first: list[Message]) -> list[Message]:
    """Return the messages, oldest first."""
    thread = newest_first[::-1]
    for each in thread:
        each.dossier = dossier
    return thread


def _copies(
    request: StaffRequest, message: Message, thread: list[Message]
) -> dict[UUID, list[Message]]:
    """Return the copies to other parties of the messages in a conversation, by batch."""
    copies: dict[UUID, list[Message]] = {each.batch: [] for each in thread}
    others = Message.objects.visible_to(request.user).filter(batch__in=list(copies))
    rows = others.exclude(thread=message.thread).select_related("party__client")
    for copy in rows.prefetch_related("readings__user"):
        copies[copy.batch].append(copy)
    return copies


def _language_of(party: Party | None) -> str:
    """Return the language of a party: that of its first login."""
    membership = (
        party.client.memberships.select_related("user").order_by("made_at").first()
        if party
        else None
    )
    return membership.user.language if membership else "nl"
