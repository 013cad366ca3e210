"""The language of a page: the login's own choice, before logging in a cookie, else Dutch.

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
        with translation.override(chosen or settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response

    return respond


def chosen_before(request: HttpRequest) -> str:
    """The language that was last chosen in this browser; empty when none was."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in LANGUAGES else ""


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
