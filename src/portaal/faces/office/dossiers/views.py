"""Dossiers at the office: the list, a new one, and its progress, status and history."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portaal.domain.clients.permissions import may_manage_clients
from portaal.domain.dossiers import verbs
from portaal.domain.dossiers.models import Dossier, Party, Step
from portaal.domain.dossiers.permissions import may_open
from portaal.domain.identity.models import User
from portaal.domain.office.models import Status
from portaal.domain.office.permissions import may_set_up
from portaal.faces.shared.access import StaffRequest, staff
from portaal.faces.shared.kept_forms import typed
from portaal.faces.shared.submissions import submission_of
from portaal.speed.queries import prepared
from portaal.web.form_errors import add_errors
from portaal.web.lookups import get_or_404
from portaal.web.pages import PER_PAGE, Pages

from .forms import AppointmentForm, DossierForm, DossierSearchForm, StatusForm
from .history import history_of
from .page import dossier_context, dossier_with_head

HISTORY_ALL = 500


@staff
@require_safe
def dossiers(request: StaffRequest) -> HttpResponse:
    if not may_open(request.user):
        return redirect(_first_page(request.user))
    form = DossierSearchForm(request.GET)
    form.is_valid()
    data = form.cleaned_data
    dossiers = Dossier.objects.visible_to(request.user).matching(data.get("q", ""))
    if status := data.get("status"):
        dossiers = dossiers.filter(status=status)
    if data.get("mine"):
        dossiers = dossiers.filter(handler=request.user)
    page = Pages(
        dossiers.select_related("status", "handler", "type").with_progress(), PER_PAGE
    ).get_page(request.GET.get("page"))
    context = {
        "section": "dossiers",
        "form": form,
        "page_obj": page,
        "party_names": _party_names(list(page.object_list)),
    }
    return render(request, "office/dossiers/dossiers.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def dossier_new(request: StaffRequest) -> HttpResponse:
    if not may_open(request.user):
        raise PermissionDenied
    form = DossierForm(
        request.POST or None, initial=typed(request, DossierForm) or _defaults(request.user)
    )
    if form.is_valid():
        try:
            dossier = verbs.open_dossier(
                by=request.user, submission=submission_of(request), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The dossier has been opened. Add the parties now."))
            return redirect("office:party_new", pk=dossier.pk)
    context = {"section": "dossiers", "form": form}
    return render(
        request, "office/dossiers/dossier_new.html", context, status=400 if form.errors else 200
    )


@staff
@require_safe
def progress(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _progress_page(request, dossier_with_head.get_or_404(request.user, pk))


@staff
@require_safe
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    dossier = dossier_with_head.get_or_404(request.user, pk)
    return render(
        request,
        "office/dossiers/history.html",
        {**dossier_context(dossier), "history": history_of(dossier, most=HISTORY_ALL)},
    )


@staff
@require_POST
def status(request: StaffRequest, pk: UUID) -> HttpResponse:
    dossier = get_or_404(Dossier.objects.visible_to(request.user), pk=pk)
    form = StatusForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a status from the list."))
        return redirect("office:progress", pk=pk)
    try:
        verbs.change_status(dossier, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("The status has been changed."))
    return redirect("office:progress", pk=pk)


@staff
@require_POST
def appointment(request: StaffRequest, pk: UUID) -> HttpResponse:
    dossier = dossier_with_head.get_or_404(request.user, pk)
    form = AppointmentForm(request.POST)
    if not form.is_valid():
        return _progress_page(request, dossier, form)
    verbs.set_appointment(dossier, by=request.user, at=form.moment)
    messages.success(
        request,
        _("The appointment has been saved.")
        if form.moment
        else _("The appointment has been removed."),
    )
    return redirect("office:progress", pk=pk)


@staff
@require_POST
def step_done(request: StaffRequest, pk: UUID) -> HttpResponse:
    step = get_or_404(Step.objects.visible_to(request.user).select_related("dossier"), pk=pk)
    done = request.POST.get("done") == "1"
    if done == (step.done_at is not None):
        messages.info(request, _("A colleague had done this already."))
    act = verbs.advance if done else verbs.set_back
    act(step, by=request.user)
    return redirect("office:progress", pk=step.dossier_id)


def _progress_page(
    request: StaffRequest, dossier: Dossier, rejected: AppointmentForm | None = None
) -> HttpResponse:
    context = {**dossier_context(dossier), "steps": dossier.steps.all()}
    if rejected:
        context["appointment_form"] = rejected
    return render(
        request, "office/dossiers/progress.html", context, status=400 if rejected else 200
    )


def _first_page(user: User) -> str:
    """Return the first page of staff that work in no dossier.

    Raises PermissionDenied for an auditor: the journal has no page yet.
    """
    if may_manage_clients(user):
        return "office:clients"
    if may_set_up(user):
        return "office:house_style"
    raise PermissionDenied


def _defaults(user: User) -> dict[str, object]:
    """Return the initial data of a new dossier: handled by the user, and in progress."""
    return {
        "handler": user,
        "status": Status.objects.filter(group=Status.Group.IN_PROGRESS).first(),
    }


def _party_names(dossiers: list[Dossier]) -> dict[UUID, list[str]]:
    """Return the names of the active parties of each dossier, in one query."""
    names: dict[UUID, list[str]] = {dossier.pk: [] for dossier in dossiers}
    for party in _parties(dossiers) if dossiers else []:
        names[party.dossier_id].append(party.client.name)
    return names


@prepared
def _parties(dossiers: list[Dossier]) -> QuerySet[Party]:
    """Return the active parties with the name of their client."""
    name = (
        f"client__{part}" for part in ("kind", "company_name", "first_names", "infix", "surname")
    )
    parties = Party.objects.active().filter(dossier__in=dossiers).select_related("client")
    return parties.only("dossier", *name)
