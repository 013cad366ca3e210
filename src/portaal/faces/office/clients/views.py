"""Clients at the office: the list, a new one with an invitation, and the card of one."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portaal.domain.clients import verbs
from portaal.domain.clients.models import Client
from portaal.domain.clients.permissions import may_manage_clients
from portaal.domain.dossiers.models import Dossier
from portaal.domain.identity import verbs as logins
from portaal.faces.shared.access import StaffRequest, staff
from portaal.faces.shared.kept_forms import typed
from portaal.faces.shared.submissions import submission_of
from portaal.web.form_errors import add_errors
from portaal.web.lookups import get_or_404
from portaal.web.pages import Pages

from .forms import ClientForm, ClientSearchForm
from .rows import LoginRow


@staff
@require_safe
def clients(request: StaffRequest) -> HttpResponse:
    if not may_manage_clients(request.user):
        raise PermissionDenied
    form = ClientSearchForm(request.GET)
    form.is_valid()
    clients = Client.objects.visible_to(request.user).matching(form.cleaned_data.get("q", ""))
    page = Pages(clients.prefetch_related("memberships__user")).get_page(request.GET.get("page"))
    return render(
        request,
        "office/clients/clients.html",
        {"section": "clients", "form": form, "page_obj": page},
    )


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def client_new(request: StaffRequest) -> HttpResponse:
    if not may_manage_clients(request.user):
        raise PermissionDenied
    form = ClientForm(request.POST or None, initial=typed(request, ClientForm))
    if form.is_valid():
        data = dict(form.cleaned_data)
        invited, language = data.pop("invite"), data.pop("language") or "nl"
        try:
            client = verbs.register_client(
                by=request.user,
                invited=invited,
                language=language,
                submission=submission_of(request),
                **data,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("%(name)s has been added.") % {"name": client.name})
            if invited:
                say_invited(request, client)
            return redirect(
                _back_to_dossier(request, client) or reverse("office:client", args=[client.pk])
            )
    context = {
        "section": "clients",
        "form": form,
        "example": Client(salutation="mevrouw", infix="de", surname="Vries"),
    }
    return render(
        request, "office/clients/client_new.html", context, status=400 if form.errors else 200
    )


@staff
@require_safe
def client(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_or_404(Client.objects.visible_to(request.user), pk=pk)
    memberships = client.memberships.select_related("user").prefetch_related("invitations")
    rows = [LoginRow.of(membership, request.user) for membership in memberships]
    dossiers = Dossier.objects.visible_to(request.user).filter(
        parties__client=client, parties__removed_at=None
    )
    context = {
        "section": "clients",
        "client": client,
        "logins": rows,
        "is_registered": any(each.is_registered for each in rows),
        "dossiers": dossiers.select_related("status"),
    }
    return render(request, "office/clients/client.html", context)


@staff
@require_POST
def invite(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_or_404(Client.objects.visible_to(request.user), pk=pk)
    try:
        verbs.invite_client(client, by=request.user, submission=submission_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        say_invited(request, client)
    return redirect("office:client", pk=pk)


@staff
@require_POST
def block(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Block or unblock one login of this client."""
    client = get_or_404(Client.objects.visible_to(request.user), pk=pk)
    try:
        membership = (
            client.memberships.select_related("user")
            .filter(pk=request.POST.get("membership", ""))
            .first()
        )
    except ValidationError:
        membership = None
    if membership is None:
        messages.error(request, _("Choose a login of this client."))
    elif request.POST.get("blocked") == "1":
        logins.block(membership.user, by=request.user)
        messages.success(request, _("The login has been blocked. Who was logged in is out."))
    else:
        logins.unblock(membership.user, by=request.user)
        messages.success(request, _("The login is open again."))
    return redirect("office:client", pk=pk)


def say_invited(request: StaffRequest, client: Client) -> None:
    """Add the notice that the client has been invited."""
    text = _("The invitation is on its way to %(email)s.") % {"email": client.email}
    messages.success(request, text)


def _back_to_dossier(request: StaffRequest, client: Client) -> str:
    """Return the URL that adds the client to the dossier the form was opened from; "" if none."""
    try:
        dossier = UUID(request.GET.get("dossier", ""))
    except ValueError:
        return ""
    query = urlencode({"q": client.email or client.company_name or client.surname})
    return f"{reverse('office:party_new', args=[dossier])}?{query}"
