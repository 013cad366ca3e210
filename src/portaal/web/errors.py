"""Error pages: each explains the problem and offers a way on; none shows a traceback."""

from __future__ import annotations

import logging
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portaal.domain.context import current_request
from portaal.domain.problems import Problem, Unavailable, describe
from portaal.gateways.blobs import StoreUnavailable
from portaal.gateways.scanner import ScannerUnavailable

from .tus_errors import is_tus_request, sentence_response

log = logging.getLogger("portaal.web")

# The title and the explanation of each error page.
WORDS = {
    400: (_("This could not be read"), _("Go back, reload the page and try again.")),
    403: (
        _("You cannot do this"),
        _(
            "Perhaps you have been logged out, or this page was open for a long time."
            " Go back, reload the page and try again."
        ),
    ),
    404: (
        _("This page does not exist"),
        _("Perhaps the address was not copied completely, or the page has moved."),
    ),
    409: (
        _("This was sent before"),
        _(
            "The form had been sent already, with other content. What was sent first has been kept."
            " Open the page again to go on."
        ),
    ),
    413: (_("This is too large"), _("Go back and choose a smaller file or a shorter text.")),
    429: (
        _("Please wait a moment"),
        _("This was tried many times in a short while. Try again later."),
    ),
    500: (
        _("Something went wrong here"),
        _("The fault is ours, and we can find it with the number below. Try again, or call us."),
    ),
    503: (
        _("The portal is busy"),
        _("Nothing was lost. Wait half a minute, go back and try again."),
    ),
}
WORDS[410] = WORDS[404]
JSON = "application/json"


def problem_of(error: BaseException | None) -> Problem | None:
    """Return the problem that an error is; None for a fault, a wrong field or a permission."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestDataTooBig):
        return Problem(status=413)
    if isinstance(error, OperationalError):
        log.error("the database did not answer: %s", describe(error))
        return Unavailable()
    if isinstance(error, StoreUnavailable | ScannerUnavailable):
        log.error("the store or the scanner did not answer: %s", describe(error))
        return Unavailable()
    return None


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Render a problem in the language of the request: as a page, a sentence or JSON.

    A tus client gets the sentence, a program that asks for JSON gets JSON.
    """
    with translation.override(getattr(request, "LANGUAGE_CODE", "nl")):
        if is_tus_request(request):
            return sentence_response(problem)
        title, text = WORDS[problem.status]
        facts: dict[str, object] = {
            "status": problem.status,
            "title": problem.title or title,
            "text": problem.text or text,
            "incident": current_request.get().id[:8],
        }
        response: HttpResponse = (
            JsonResponse(facts, status=problem.status)
            if request.get_preferred_type(["text/html", JSON]) == JSON
            else render(request, "ui/error.html", facts, status=problem.status)
        )
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def page(request: HttpRequest, status: int) -> HttpResponse:
    """Render the general words of a status."""
    return answer(request, Problem(status=status))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    log.warning("a request was refused: %s", type(exception).__name__)
    return page(request, 400)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer an error outside a view, such as a database that fails to load the session."""
    return answer(request, problem_of(sys.exception()) or Problem(status=500))
