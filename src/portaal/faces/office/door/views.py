"""Log in and out at the office, with a cookie of its own."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from portaal.faces.shared import door, sessions
from portaal.faces.shared.access import StaffRequest, public, staff
from portaal.faces.shared.sessions import PortalRequest


@public
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: PortalRequest) -> HttpResponse:
    return door.login(request, "office/door/login.html", settings.DEMO_STAFF)


@staff
@require_POST
def logout(request: StaffRequest) -> HttpResponse:
    return sessions.log_out(request, "office:login")
