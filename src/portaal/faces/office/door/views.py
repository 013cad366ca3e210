"""Log in and out at the office, with a cookie of its own."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portaal.domain.identity import verbs
from portaal.domain.journal.actors import ANONYMOUS
from portaal.domain.throttle import limits
from portaal.faces.shared import sessions
from portaal.faces.shared.access import StaffRequest, public, staff
from portaal.faces.shared.sessions import PortalRequest
from portaal.web.network import network
from portaal.web.routes import local_path

from .forms import LoginForm


@public
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: PortalRequest) -> HttpResponse:
    if request.user.is_authenticated and request.method != "POST":
        return redirect("office:home")
    sessions.say_logged_out(request)
    form, headers = LoginForm(request.POST or None), {}
    if form.is_valid():
        try:
            user = verbs.log_in(
                by=ANONYMOUS,
                face="office",
                network=network(request),
                language=sessions.chosen_language(request),
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error)
        except limits.RateLimited as error:
            form.add_error(
                None,
                _("E-mail address or password is wrong, or the account is (temporarily) blocked."),
            )
            headers = {"Retry-After": str(error.retry_after)}
        else:
            sessions.log_in(request, user)
            return redirect(local_path(request, "/kantoor/"))
    context = {"form": form, "next": local_path(request, ""), "demo_logins": []}
    if settings.DEMO:
        context |= {"demo_logins": settings.DEMO_STAFF, "demo_password": settings.DEMO_PASSWORD}
    response = render(
        request,
        "office/door/login.html",
        context,
        status=429 if headers else 400 if form.errors else 200,
    )
    for name, value in headers.items():
        response.headers[name] = value
    return response


@staff
@require_POST
def logout(request: StaffRequest) -> HttpResponse:
    return sessions.log_out(request, "office:login")
