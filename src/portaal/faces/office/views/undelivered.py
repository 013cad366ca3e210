"""E-mails that could not be delivered, so that someone calls the client."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portaal.domain.accounts.permissions import may_manage_clients
from portaal.domain.notifications import undelivered as mails
from portaal.domain.notifications import verbs
from portaal.web.access import StaffRequest, staff
from portaal.web.lookups import get_or_404


@staff
@require_safe
def undelivered(request: StaffRequest) -> HttpResponse:
    if not may_manage_clients(request.user):
        raise PermissionDenied
    rows = mails.undelivered(request.user)
    return render(request, "office/undelivered.html", {"section": "undelivered", "rows": rows})


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
