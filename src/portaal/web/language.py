"""The language of a page: the login's own choice, before logging in a cookie, else that of the e-mail that led here, else Dutch.

Who chooses a language at the door and then logs in has chosen it for that login: it takes the place of what was kept. What only
stands in the cookie changes no login's choice, save at its first visit: whoever used the browser before may have chosen it.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from .headers import Handler

LANGUAGES = dict(settings.LANGUAGES)


def language(get_response: Handler) -> Handler:
    def respond(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", None) or chosen_before(request)
        led = "" if chosen else _known(request.GET.get("taal", ""))
        with translation.override(chosen or led or settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        if led:
            remember(response, led)
        return response

    return respond


def chosen_before(request: HttpRequest) -> str:
    """The language that was last chosen in this browser; empty when none was."""
    return _known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))


def remember(response: HttpResponse, chosen: str) -> None:
    """Sets the cookie that the pages before logging in follow."""
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
