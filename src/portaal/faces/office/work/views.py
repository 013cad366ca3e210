"""Work that waits for the office: pending messages and undelivered e-mails."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portaal.domain.clients.permissions import may_manage_clients
from portaal.domain.messaging.models import Message
from portaal.domain.notifications import undelivered as mails
from portaal.domain.notifications import verbs
from portaal.faces.shared.access import StaffRequest, staff
from portaal.web.lookups import get_or_404
from portaal.web.pages import PER_PAGE, Pages


@staff
@require_safe
def waiting(request: StaffRequest) -> HttpResponse:
    """List the messages pending for this handler, the oldest first."""
    if not may_manage_clients(request.user):
        raise PermissionDenied
    pending = (
        Message.objects.pending_for(request.user)
        .select_related("dossier__vault", "party__client", "sender")
        .order_by("sent_at", "pk")
    )
    page = Pages(pending, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "office/work/waiting.html", {"section": "messages", "page_obj": page})


@staff
@require_safe
def undelivered(request: StaffRequest) -> HttpResponse:
    if not may_manage_clients(request.user):
        raise PermissionDenied
    rows = mails.undelivered(request.user)
    return render(request, "office/work/undelivered.html", {"section": "undelivered", "rows": rows})


@staff
@require_POST
def resolve(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Send an e-mail again, or take it off the list."""
    job = get_or_404(mails.visible_to(request.user), pk=pk)
    if request.POST.get("act") == "drop":
        done, text = verbs.drop(job, by=request.user), _("The e-mail has been taken off the list.")
    else:
        done, text = verbs.send_again(job, by=request.user), _("The e-mail is being sent again.")
    if done:
        messages.success(request, text)
    else:
        messages.info(request, _("A colleague has already dealt with this e-mail."))
    return redirect("office:undelivered")
