"""Route of a request, and the page to return to."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def view_name(request: HttpRequest) -> str:
    """Return the full name of the route, such as "client:dossier"; empty when none matched."""
    return request.resolver_match.view_name if request.resolver_match else ""


def local_path(request: HttpRequest, default: str) -> str:
    """Return the `next` parameter if it is a page of this portal, else `default`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_local = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=set(), require_https=False
    )
    return wanted if is_local and wanted.isprintable() else default
