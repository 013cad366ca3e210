"""Closed by default: a view says for whom it is, or nobody gets in (security.md B1 1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from portaal.domain.accounts.limits import network_of

from .headers import Handler
from .plain import plain, sentence_of, wants_sentence
from .unsent import keep_after_end

View = TypeVar("View", bound=Callable[..., HttpResponse])


def _mark(audience: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = audience  # type: ignore[attr-defined]  # a function carries its mark
        return view

    return mark


public = _mark("public")
client = _mark("client")
staff = _mark("staff")


def access(get_response: Handler) -> Handler:
    return _Access(get_response)


class _Access:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        audience = getattr(view, "access", None)
        if audience == "public":
            return None
        if audience not in ("client", "staff"):
            raise PermissionDenied
        user = request.user
        if not user.is_authenticated and wants_sentence(request):
            return plain(401, sentence_of(401))
        if not user.is_authenticated:
            login = reverse("office:login" if audience == "staff" else "client:login")
            back = request.get_full_path() if request.method == "GET" else _keep(request)
            return HttpResponseRedirect(f"{login}?{urlencode({'next': back})}" if back else login)
        if user.is_staff != (audience == "staff"):
            raise PermissionDenied
        return None


def _keep(request: HttpRequest) -> str:
    """The page to go back to after a form came too late; what it said is kept for whose session it was."""
    user = request.session.ended_user
    return keep_after_end(request, user) if user else ""


def network(request: HttpRequest) -> str:
    """The network a request comes from: the address itself, or the one that the last trusted proxy saw."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        seen = [
            part.strip()
            for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            if part.strip()
        ]
        if len(seen) >= settings.TRUSTED_PROXIES:
            address = seen[-settings.TRUSTED_PROXIES]
    return network_of(address)


def local_path(request: HttpRequest, default: str) -> str:
    """Where to go on: the `next` that came along when it is a page of this portal, else `default`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_local = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=set(), require_https=False
    )
    return wanted if is_local and wanted.isprintable() else default
