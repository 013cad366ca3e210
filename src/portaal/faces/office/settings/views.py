"""Settings of the office, for administrators: house style, name, address."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portaal.domain.office import colours, verbs
from portaal.domain.office.models import ACCENT, BRAND, Office
from portaal.domain.office.permissions import may_set_up
from portaal.domain.office.validators import LOGO_MAX_BYTES
from portaal.faces.shared.access import StaffRequest, staff
from portaal.faces.shared.kept_forms import typed
from portaal.faces.shared.uploads.handlers import takes_a_picture
from portaal.web.form_errors import add_errors

from .forms import HouseStyleForm, OfficeForm


@takes_a_picture
@staff
@require_http_methods(["GET", "HEAD", "POST"])
def house_style(request: StaffRequest) -> HttpResponse:
    if not may_set_up(request.user):
        raise PermissionDenied
    if request.method == "POST" and request.POST.get("act") == "standard":
        verbs.set_up(by=request.user, brand=BRAND, accent=ACCENT)
        messages.success(request, _("The colours are the standard ones again."))
        return redirect("office:house_style")
    office = Office.current()
    saved = {"name": office.name, "brand": office.brand.upper(), "accent": office.accent.upper()}
    form = HouseStyleForm(
        request.POST or None, request.FILES or None, initial=saved | typed(request, HouseStyleForm)
    )
    if form.is_valid() and _save(request, form):
        messages.success(
            request, _("The house style has been saved. Everybody sees it from their next page.")
        )
        return redirect("office:house_style")
    readable = colours.on_paper(office.brand, office.accent)
    context = {
        "section": "settings",
        "tab": "house_style",
        "form": form,
        "on_buttons": colours.contrast(readable["action"], "#ffffff"),
        "on_marks": colours.contrast(readable["mark"], "#ffffff"),
    }
    return render(
        request, "office/settings/house_style.html", context, status=400 if form.errors else 200
    )


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: StaffRequest) -> HttpResponse:
    if not may_set_up(request.user):
        raise PermissionDenied
    saved = {name: getattr(Office.current(), name) for name in OfficeForm.base_fields}
    form = OfficeForm(request.POST or None, initial=saved | typed(request, OfficeForm))
    if form.is_valid():
        try:
            verbs.set_up(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The details of the office have been saved."))
            return redirect("office:facts")
    context = {"section": "settings", "tab": "facts", "form": form}
    return render(
        request, "office/settings/facts.html", context, status=400 if form.errors else 200
    )


def _save(request: StaffRequest, form: HouseStyleForm) -> bool:
    data = form.cleaned_data
    logo = b"" if data["without_logo"] else None
    if data["logo"]:
        logo = data["logo"].read(LOGO_MAX_BYTES + 1)
    colours = {name: data[name] for name in ("brand", "accent")}
    try:
        verbs.change_house_style(by=request.user, logo=logo, name=data["name"], **colours)
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True
