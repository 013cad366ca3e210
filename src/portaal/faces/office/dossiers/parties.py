"""Parties of a dossier: admit a client with a role and access, and remove one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portaal.domain.clients.models import Client
from portaal.domain.dossiers import verbs
from portaal.domain.dossiers.models import Dossier, Party
from portaal.faces.shared.access import StaffRequest, staff
from portaal.faces.shared.kept_forms import typed
from portaal.faces.shared.submissions import submission_of
from portaal.web.form_errors import add_errors
from portaal.web.lookups import get_or_404

from ..clients.views import say_invited
from .forms import PartyForm

CHOICES_MAX = 200


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def party_new(request: StaffRequest, pk: UUID) -> HttpResponse:
    dossier = get_or_404(Dossier.objects.visible_to(request.user).select_related("status"), pk=pk)
    clients = Client.objects.visible_to(request.user)
    q = request.GET.get("q", "")[:100].replace("\0", "")
    form = PartyForm(request.POST or None, clients=clients, initial=typed(request, PartyForm))
    if form.is_valid():
        data = form.cleaned_data
        is_invited = data["invite"] and not data["client"].was_invited
        try:
            party = verbs.admit(
                dossier,
                by=request.user,
                client=data["client"],
                role=data["role"],
                access=data["access"],
                invited=data["invite"],
                submission=submission_of(request),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("%(name)s has been added.") % {"name": party.client.name})
            if is_invited:
                say_invited(request, party.client)
            return redirect("office:dossier", pk=dossier.pk)
    form.offer(clients.matching(q)[:CHOICES_MAX])
    context = {
        "section": "dossiers",
        "dossier": dossier,
        "form": form,
        "q": q,
        "progress": dossier.progress,
    }
    return render(
        request, "office/dossiers/party_new.html", context, status=400 if form.errors else 200
    )


@staff
@require_POST
def party_release(request: StaffRequest, pk: UUID) -> HttpResponse:
    party = get_or_404(
        Party.objects.visible_to(request.user).select_related("dossier", "client"), pk=pk
    )
    if party.removed_at:
        messages.info(request, _("A colleague had done this already."))
    verbs.remove_party(party, by=request.user)
    messages.success(
        request, _("%(name)s no longer sees this dossier.") % {"name": party.client.name}
    )
    return redirect("office:dossier", pk=party.dossier_id)
