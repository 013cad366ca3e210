"""Id of each request, and its line in the log."""

from __future__ import annotations

import logging
from time import perf_counter
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portaal.domain.context import Request, current_request

from .headers import Handler
from .network import network

log = logging.getLogger("portaal.access")

ID = "X-Request-Id"  # the id comes from the portal, never from the browser or the proxy
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}


def access_log(get_response: Handler) -> Handler:
    """Middleware, the outermost: give a request its id, and log it when it is answered.

    The line has the name of the route: the path can hold a token, and the query a search word.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        started = perf_counter()
        known = Request(id=uuid4().hex, channel="page", network=network(request))
        token = current_request.set(known)
        try:
            response = get_response(request)
            response.headers[ID] = known.id
            _log(request, response, round((perf_counter() - started) * 1000))
        finally:
            current_request.reset(token)
        return response

    return respond


def _log(request: HttpRequest, response: HttpResponse, ms: int) -> None:
    method = request.method if request.method in METHODS else "other"
    route, status, size = _route(request), response.status_code, _size(response)
    fields: dict[str, object] = {"method": method, "route": route, "status": status, "ms": ms}
    if size is not None:
        fields["bytes"] = size
    text = f"{method} {route} {status} {ms}ms {'-' if size is None else size}B"
    log.info("%s", text, extra={"fields": fields})


def _route(request: HttpRequest) -> str:
    """Return the name of the route; "static" for a static file, "-" for no route."""
    if request.path_info.startswith(settings.STATIC_URL):
        return "static"
    return request.resolver_match.view_name if request.resolver_match else "-"


def _size(response: HttpResponse) -> int | None:
    """Return the announced bytes of the body; None if a stream does not announce them."""
    length = response.headers.get("Content-Length", "")
    if length.isdigit():
        return int(length)
    return None if response.streaming else len(response.content)
