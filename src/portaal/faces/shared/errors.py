"""Errors that views raise, answered as a page; what is forbidden is recorded."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext_lazy as _

from portaal.domain.files.permissions import NotClean
from portaal.domain.journal.actors import ANONYMOUS, Actor
from portaal.domain.journal.security import record_security_event
from portaal.domain.problems import Conflict
from portaal.web.errors import answer, page, problem_of
from portaal.web.network import network
from portaal.web.routes import view_name

from .events import FORBIDDEN, FORM_REFUSED, NOT_FOUND

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
        problem = problem_of(error)
        return answer(request, problem) if problem else None


def forbidden(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    """Record and answer a request that its user may not make."""
    record_forbidden(request)
    return page(request, 403)


def record_forbidden(request: HttpRequest) -> None:
    """Record that the user was not allowed to do what they requested."""
    route, place = view_name(request), network(request)
    record_security_event(FORBIDDEN, by=_user_of(request), network=place, path=route)


def not_found(request: HttpRequest, exception: Http404 | None = None) -> HttpResponse:
    """Answer an address without a page; record the id that a login was not shown.

    Mostly the object is gone, but a series of them is somebody who tries foreign ids.
    """
    user, match = _user_of(request), request.resolver_match
    ids = [value for value in match.kwargs.values() if isinstance(value, UUID)] if match else []
    if user is not ANONYMOUS and ids:
        route, place = view_name(request), network(request)
        record_security_event(NOT_FOUND, by=user, network=place, path=route, object=str(ids[0]))
    return page(request, 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Record and answer a form without a valid token, or from a foreign page."""
    route, place = view_name(request), network(request)
    general = reason.partition(" - ")[0]  # the rest holds an address of the browser
    by = _user_of(request)
    record_security_event(FORM_REFUSED, by=by, network=place, path=route, reason=general)
    return page(request, 403)


def _user_of(request: HttpRequest) -> Actor:
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else ANONYMOUS


def _why_unclean(request: HttpRequest, error: NotClean) -> str:
    """Return why a file cannot be opened; only the office reads the reason of a quarantine."""
    if error.file.reason and getattr(request.session, "face", "") == "office":
        return f"{error.file.get_reason_display()} {QUARANTINED}"
    return str(SAFE_FIRST)
