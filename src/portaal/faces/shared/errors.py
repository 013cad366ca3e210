"""Errors that views raise: answered as a page, and a forbidden act is recorded."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext_lazy as _

from portaal.domain.files.permissions import NotClean
from portaal.domain.journal.actors import ANONYMOUS
from portaal.domain.journal.recording import record_security_event
from portaal.domain.problems import Conflict
from portaal.web.errors import answer, problem_of
from portaal.web.network import network
from portaal.web.routes import view_name

from .events import FORBIDDEN

CHECKING = _("This file is being checked")
SAFE_FIRST = _(
    "We look whether every file is safe before anybody opens it. Try again in a few minutes."
)
QUARANTINED = _("It is held for now. At the document in the dossier you can see what to do.")


class ErrorMiddleware(MiddlewareMixin):
    """Turn the errors that views raise into an error page."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotClean):
            return answer(request, Conflict(_why_unclean(request, error), title=str(CHECKING)))
        if problem := problem_of(error):
            return answer(request, problem)
        if isinstance(error, PermissionDenied):
            record_refusal(request)
        return None


def record_refusal(request: HttpRequest) -> None:
    """Record that the user was not allowed to do what they requested."""
    user = getattr(request, "user", None)
    by = user if user is not None and user.is_authenticated else ANONYMOUS
    record_security_event(FORBIDDEN, by=by, network=network(request), path=view_name(request))


def _why_unclean(request: HttpRequest, error: NotClean) -> str:
    """Return why a file cannot be opened; only the office reads the reason of a quarantine."""
    if error.file.reason and getattr(request.session, "face", "") == "office":
        return f"{error.file.get_reason_display()} {QUARANTINED}"
    return str(SAFE_FIRST)
