"""Language of a page: the user's choice, else a cookie, else the link's, else Dutch.

A language chosen on the login page just before logging in overrides the user's saved language. The
cookie alone does not, except at a first visit: another user of the browser may have set it.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from .headers import Handler

LANGUAGES = dict(settings.LANGUAGES)


def language(get_response: Handler) -> Handler:
    """Middleware: activate the language of the page."""

    def respond(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", None) or chosen_before(request)
        linked = "" if chosen else _known(request.GET.get("taal", ""))
        with translation.override(chosen or linked or settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        if linked:
            remember(response, linked)
        return response

    return respond


def chosen_before(request: HttpRequest) -> str:
    """Return the language last chosen in this browser; "" if none."""
    return _known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))


def remember(response: HttpResponse, chosen: str) -> None:
    """Set the cookie that decides the language before logging in."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(language: str) -> str:
    return language if language in LANGUAGES else ""
