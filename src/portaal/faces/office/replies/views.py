"""Canned replies of the office, with their placeholders and a preview in a real dossier."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portaal.domain.clients.permissions import may_manage_clients
from portaal.domain.dossiers.models import Access, Dossier, Party
from portaal.domain.messaging import placeholders, verbs
from portaal.domain.messaging.models import CannedReply
from portaal.domain.messaging.validators import BODY_MAX
from portaal.faces.shared.access import StaffRequest, staff
from portaal.faces.shared.kept_forms import typed
from portaal.faces.shared.submissions import submission_of
from portaal.web.form_errors import add_errors
from portaal.web.lookups import get_or_404

from .forms import CannedReplyForm


@staff
@require_safe
def replies(request: StaffRequest) -> HttpResponse:
    if not may_manage_clients(request.user):
        raise PermissionDenied
    return render(request, "office/replies/replies.html", _context(request))


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def reply_new(request: StaffRequest) -> HttpResponse:
    if not may_manage_clients(request.user):
        raise PermissionDenied
    return _edit(request, None)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _edit(request, get_or_404(CannedReply.objects.visible_to(request.user), pk=pk))


@staff
@require_POST
def reply_drop(request: StaffRequest, pk: UUID) -> HttpResponse:
    reply = get_or_404(CannedReply.objects.visible_to(request.user), pk=pk)
    verbs.delete_canned_reply(reply, by=request.user)
    messages.success(request, _("“%(name)s” has been removed.") % {"name": reply.name})
    return redirect("office:replies")


def _edit(request: StaffRequest, reply: CannedReply | None) -> HttpResponse:
    saved = {"name": reply.name, "body": reply.body, "own": bool(reply.owner_id)} if reply else {}
    posted = request.POST if request.method == "POST" else None
    form = CannedReplyForm(posted, initial=saved | typed(request, CannedReplyForm))
    if form.is_valid():
        try:
            saved_reply = verbs.save_canned_reply(
                reply, by=request.user, submission=submission_of(request), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("“%(name)s” has been saved.") % {"name": saved_reply.name})
            return redirect("office:reply", pk=saved_reply.pk)
    context = {
        **_context(request),
        "reply": reply,
        "form": form,
        **_preview(request, form["body"].value() or ""),
    }
    return render(request, "office/replies/reply.html", context, status=400 if form.errors else 200)


def _context(request: StaffRequest) -> dict[str, object]:
    return {
        "section": "replies",
        "body_max": BODY_MAX,
        "replies": CannedReply.objects.visible_to(request.user),
        "fields": [f"{{{name}}}" for name in placeholders.PLACEHOLDERS],
    }


def _preview(request: StaffRequest, text: str) -> dict[str, object]:
    """Return the text filled in for the requested dossier, else for one the user handles."""
    fullest = (
        F("appointment_at").desc(nulls_last=True),
        "-opened_at",
    )  # one with an appointment shows most fields
    seen = Dossier.objects.visible_to(request.user).select_related("handler").order_by(*fullest)
    number = request.GET.get("dossier", "")[:30].replace("\0", "")
    dossier = (
        seen.filter(number=number).first() if number else seen.filter(handler=request.user).first()
    )
    if dossier is None:
        return {"preview_number": number, "preview": None}
    party = (
        Party.objects.filter(dossier=dossier)
        .with_access(Access.READ)
        .select_related("client")
        .first()
    )
    return {
        "preview_number": dossier.number,
        "preview": placeholders.fill_runs(text, dossier, party, language="nl"),
    }
