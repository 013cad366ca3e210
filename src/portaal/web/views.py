"""Addresses that belong to no face: the house style, the gallery, reports of the browser, a sign of life."""

from __future__ import annotations

import logging
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portaal.domain.accounts import limits, verbs
from portaal.domain.accounts.models import Session
from portaal.domain.office.models import Logo, Office
from portaal.ui.gallery import TEMPLATE as GALLERY
from portaal.ui.gallery import specimens

from .access import local_path, network, public
from .checks import no_room
from .language import LANGUAGES, remember
from .sessions import CHOSEN
from .unsent import keep

log = logging.getLogger("portaal.web")
REPORT_MAX = 10_000


@public
@require_safe
def house_style(request: HttpRequest) -> HttpResponse:
    """The two colours an office sets; everything else is derived from them in tokens.css. Pages ask for it by these colours."""
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
    """The office's logo. Opened by itself, an SVG may do nothing either."""
    logo = get_object_or_404(Logo, pk=pk)
    response = HttpResponse(bytes(logo.content), content_type=logo.media_type)
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable"  # another logo has another address
    )
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    )
    return response


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the browser shows without a connection; offline_worker keeps it there."""
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
    policy = "default-src 'none'; connect-src 'self'"
    response = render(request, "ui/offline.js", content_type="text/javascript")
    response.headers["Content-Security-Policy"] = policy
    return response


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language of the pages before logging in, kept in a cookie and taken along by who logs in next; of a login, its own
    choice. Each face has its address."""
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
def session(request: HttpRequest) -> HttpResponse:
    """How many seconds this browser stays logged in. GET only looks; POST is a sign of life, or with `act=end` the end: what
    was typed on `page` is kept then."""
    row: Session | None = request.session.row
    if row is None or row.user is None:
        return JsonResponse({"seconds": 0})
    if request.POST.get("act") == "end":
        keep(request, row.user, request.POST.get("page", ""))
        verbs.log_out(row, by=row.user)
        request.session.end()
        return JsonResponse({"seconds": 0})
    if request.method == "POST":
        row.seen_at = timezone.now()
        Session.objects.filter(pk=row.pk).update(seen_at=row.seen_at)
    ends = min(
        row.seen_at + settings.SESSION_IDLE, row.made_at + settings.SESSION_ABSOLUTE[row.face]
    )
    return JsonResponse({"seconds": max(0, int((ends - timezone.now()).total_seconds()))})


@csrf_exempt  # a browser's own report carries no token; it changes nothing
@public
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    limits.hit("csp-report", network=network(request))
    if int(request.META.get("CONTENT_LENGTH") or 0) <= REPORT_MAX:
        log.warning("policy violation: %s", request.body[:REPORT_MAX].decode("utf-8", "replace"))
    return HttpResponse(status=204)


@public
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """'ok', or 503 and what a manager must see to: the database away (as an error page), the disk almost full."""
    Office.objects.exists()
    fault = no_room()
    return HttpResponse(
        fault or "ok", status=503 if fault else 200, content_type="text/plain; charset=utf-8"
    )


@public
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page; in production this address does not exist."""
    return render(request, GALLERY, specimens())
