"""Error pages: each explains the problem and offers a way on; none shows a traceback."""

from __future__ import annotations

import logging
import sys

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portaal.domain.accounts.limits import RateLimited
from portaal.domain.files.models import StoredFile
from portaal.domain.files.permissions import NotClean
from portaal.domain.journal.actors import ANONYMOUS, request_id
from portaal.domain.journal.recording import DuplicateSubmission, record_security_event

from .access import network, view_name
from .events import FORBIDDEN
from .headers import Handler
from .tus_errors import is_tus_request, sentence_for, text_response

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
FILE_WORDS = (
    _("This file is being checked"),
    _("We look whether every file is safe before anybody opens it. Try again in a few minutes."),
)
QUARANTINED = _("It is held for now. At the document in the dossier you can see what to do.")


class ErrorMiddleware:
    """Turn the errors that views raise into an error page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RateLimited):
            response = page(request, 429)
            response.headers["Retry-After"] = str(error.seconds)
            return response
        if isinstance(error, DuplicateSubmission):
            return page(request, 409)
        if isinstance(error, NotClean):
            return page(request, 409, file=error.file)
        if isinstance(error, RequestDataTooBig):
            return page(request, 413)
        if isinstance(error, OperationalError):
            return busy(request, error)
        if isinstance(error, PermissionDenied):
            user = getattr(request, "user", None)
            by = user if user is not None and user.is_authenticated else ANONYMOUS
            record_security_event(
                FORBIDDEN,
                by=by,
                network=network(request),
                path=view_name(request),
            )
        return None


def page(request: HttpRequest, status: int, file: StoredFile | None = None) -> HttpResponse:
    """Render the error page in the language of the request; a tus client gets one sentence."""
    with translation.override(getattr(request, "LANGUAGE_CODE", "nl")):
        if is_tus_request(request):
            return text_response(status, sentence_for(status))
        title, text = map(str, FILE_WORDS if file else WORDS[status])
        if file and file.reason and getattr(request.session, "face", "") == "office":
            text = f"{file.get_reason_display()} {QUARANTINED}"
        incident = request_id.get()[:8]
        context = {"title": title, "text": text, "status": status, "incident": incident}
        return render(request, "ui/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: SuspiciousOperation | None = None) -> HttpResponse:
    return page(request, 400)


def forbidden(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    return page(request, 403)


def not_found(request: HttpRequest, exception: Http404 | None = None) -> HttpResponse:
    return page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer an error outside a view, such as a database that fails to load the session."""
    error = sys.exception()
    if isinstance(error, OperationalError):
        return busy(request, error)
    return page(request, 500)


def busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """Answer 503 and ask the browser to try again in 30 seconds."""
    log.error("the database did not answer: %s", error)
    response = page(request, 503)
    response.headers["Retry-After"] = "30"
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.warning("a form was refused: %s", reason)
    return page(request, 403)
