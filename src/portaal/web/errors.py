"""What a person sees when something is not there, not allowed, too much or broken: words and a way on, never a trace."""

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
from portaal.domain.journal.actors import ANONYMOUS
from portaal.domain.journal.recording import DuplicateSubmission, record_security_event

from .access import network
from .headers import Handler
from .plain import plain, sentence_of, wants_sentence

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


def errors(get_response: Handler) -> Handler:
    return _Errors(get_response)


class _Errors:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, RateLimited):
            response = page(request, 429)
            response.headers["Retry-After"] = str(fault.seconds)
            return response
        if isinstance(fault, DuplicateSubmission):
            return page(request, 409)
        if isinstance(fault, NotClean):
            return page(request, 409, file=fault.file)
        if isinstance(fault, RequestDataTooBig):
            return page(request, 413)
        if isinstance(fault, OperationalError):
            return busy(request, fault)
        if isinstance(fault, PermissionDenied):
            user = getattr(request, "user", None)
            by = user if user is not None and user.is_authenticated else ANONYMOUS
            record_security_event(
                "web.forbidden",
                by=by,
                network=network(request),
                path=request.resolver_match.view_name,
            )
        return None


def page(request: HttpRequest, status: int, file: StoredFile | None = None) -> HttpResponse:
    """An error page: the same for everyone, in the language of the request; a sentence for who sends a file by pieces."""
    with translation.override(getattr(request, "LANGUAGE_CODE", "nl")):
        if wants_sentence(request):
            return plain(status, sentence_of(status))
        title, text = FILE_WORDS if file else WORDS[status]
        if file and file.reason and request.session.face == "office":
            text = f"{file.get_reason_display()} {QUARANTINED}"
        incident = getattr(request, "request_id", "")[:8]
        context = {"title": title, "text": text, "status": status, "incident": incident}
        return render(request, "ui/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: SuspiciousOperation | None = None) -> HttpResponse:
    return page(request, 400)


def forbidden(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    return page(request, 403)


def not_found(request: HttpRequest, exception: Http404 | None = None) -> HttpResponse:
    return page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    fault = sys.exception()
    if isinstance(
        fault, OperationalError
    ):  # outside the view: while the session was read or written
        return busy(request, fault)
    return page(request, 500)


def busy(request: HttpRequest, fault: OperationalError) -> HttpResponse:
    log.error("the database did not answer: %s", fault)
    response = page(request, 503)
    response.headers["Retry-After"] = "30"
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.warning("a form was refused: %s", reason)
    return page(request, 403)
