"""Views of no face: house style, gallery, language, session time, CSP reports, health."""

from __future__ import annotations

import logging
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portaal.domain.identity import verbs
from portaal.domain.office.models import Logo, Office
from portaal.domain.throttle import limits
from portaal.ui.gallery import TEMPLATE as GALLERY
from portaal.ui.gallery import specimens
from portaal.web.checks import no_room
from portaal.web.language import LANGUAGES, remember
from portaal.web.network import network
from portaal.web.routes import local_path
from portaal.web.violations import summary_of

from .access import public
from .kept_forms import keep
from .sessions import CHOSEN, PortalRequest

log = logging.getLogger("portaal.web")
REPORT_MAX = 10_000


@public
@require_safe
def house_style(request: HttpRequest) -> HttpResponse:
    """Serve the brand colours as CSS. Its URL has the colours, so that a change is seen."""
    office = Office.current()
    css = f"@layer tokens{{:root{{--brand:{office.brand};--accent:{office.accent}}}}}"
    return HttpResponse(
        css,
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": "private, max-age=300"},
    )


@public
@require_safe
def logo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Serve the office's logo, with a policy that disables scripts in an SVG opened by itself."""
    logo = get_object_or_404(Logo, pk=pk)
    response = HttpResponse(bytes(logo.content), content_type=logo.media_type)
    # A new logo gets a new URL.
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    )
    return response


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Serve the page for a browser without a connection; `offline_worker` caches it."""
    chosen = get_language()
    languages = sorted(LANGUAGES, key=lambda each: each != chosen)
    context = {"instructions": [_without_connection(each) for each in languages]}
    return render(request, "ui/offline.html", context)


def _without_connection(language: str) -> dict[str, str]:
    with override(language):
        return {
            "language": language,
            "title": _("No connection"),
            "text": _(
                "The portal cannot be reached now. See whether your device is online and try again."
                " What you had typed is still there when you go back."
            ),
        }


@public
@require_safe
def offline_worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker that shows the offline page."""
    policy = "default-src 'none'; connect-src 'self'"
    response = render(request, "ui/offline.js", content_type="text/javascript")
    response.headers["Content-Security-Policy"] = policy
    return response


@public
@require_POST
def language(request: PortalRequest) -> HttpResponse:
    """Set the language of the user or, before logging in, of the browser."""
    chosen = request.POST.get("language", "")
    response = redirect(local_path(request, reverse(f"{request.session.face}:home")))
    if chosen in LANGUAGES:
        remember(response, chosen)
        if request.user.is_authenticated:
            verbs.choose_language(request.user, by=request.user, language=chosen)
        else:
            request.session[CHOSEN] = chosen
    return response


@public
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: PortalRequest) -> HttpResponse:
    """Return the seconds until this browser is logged out.

    GET does not extend them. POST does, or ends the session if `act=end` and keeps the form data
    of `page`.
    """
    row = request.session.row
    if row and row.user and request.POST.get("act") == "end":
        keep(request, row.user, request.POST.get("page", ""))
        verbs.log_out(row, by=row.user)
        request.session.end()
    elif row and row.user and request.method == "POST":
        request.session.extend()
    return JsonResponse({"seconds": request.session.seconds_left})


@csrf_exempt  # a browser's report carries no token, and changes nothing
@public
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Log a browser's report of a policy violation."""
    limits.hit("csp-report", network=network(request))
    if int(request.META.get("CONTENT_LENGTH") or 0) <= REPORT_MAX:
        log.warning("policy violation: %s", summary_of(request.body[:REPORT_MAX]))
    return HttpResponse(status=204)


@public
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer "ok", or 503 if the disk is nearly full or the database is down."""
    Office.objects.exists()
    problem, media_type = no_room(), "text/plain; charset=utf-8"
    return HttpResponse(problem or "ok", status=503 if problem else 200, content_type=media_type)


@public
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component on one page, in demo and development only."""
    return render(request, GALLERY, specimens())
