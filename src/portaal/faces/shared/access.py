"""Access to views: each names its audience, and one that names none is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from portaal.web.headers import Handler
from portaal.web.tus_errors import is_tus_request, sentence_for, text_response

from .kept_forms import keep_after_end
from .sessions import PortalRequest, UserRequest


class ClientRequest(UserRequest):
    """A request from a login of a client: the request of every view marked `@client`."""


class StaffRequest(UserRequest):
    """A request from a login of the office: the request of every view marked `@staff`."""


AUDIENCE = {"client": "client", "office": "staff"}  # of each face

PublicView = TypeVar(
    "PublicView", bound=Callable[Concatenate[PortalRequest, ...], HttpResponseBase]
)
ClientView = TypeVar(
    "ClientView", bound=Callable[Concatenate[ClientRequest, ...], HttpResponseBase]
)
StaffView = TypeVar("StaffView", bound=Callable[Concatenate[StaffRequest, ...], HttpResponseBase])
UserView = TypeVar("UserView", bound=Callable[Concatenate[UserRequest, ...], HttpResponseBase])
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def public(view: PublicView) -> PublicView:
    """Open a view to everyone."""
    return _marked(view, "public")


def client(view: ClientView) -> ClientView:
    """Open a view to logins of clients."""
    return _marked(view, "client")


def staff(view: StaffView) -> StaffView:
    """Open a view to logins of the office."""
    return _marked(view, "staff")


def logged_in(view: UserView) -> UserView:
    """Open a view of both faces to the logins of the face that is requested."""
    return _marked(view, "logged_in")


class AccessMiddleware:
    """Refuse a request whose user does not belong to the audience of the view."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: PortalRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Redirect an anonymous user to the login page. Raises PermissionDenied for others."""
        audience = getattr(view, "access", None)
        if audience == "logged_in":
            audience = AUDIENCE[request.session.face]
        if audience == "public":
            return None
        if audience not in ("client", "staff"):
            raise PermissionDenied
        user = request.user
        if not user.is_authenticated and is_tus_request(request):
            return text_response(401, sentence_for(401))
        if not user.is_authenticated:
            login = reverse("office:login" if audience == "staff" else "client:login")
            back = request.get_full_path() if request.method == "GET" else _keep(request)
            return HttpResponseRedirect(f"{login}?{urlencode({'next': back})}" if back else login)
        if user.is_staff != (audience == "staff"):
            raise PermissionDenied
        return None


def _marked(view: View, audience: str) -> View:
    view.access = audience  # type: ignore[attr-defined]  # a function carries its mark
    return view


def _keep(request: PortalRequest) -> str:
    """Keep the data of a form whose session had just ended; return its page, or ""."""
    user = request.session.ended_user
    return keep_after_end(request, user) if user else ""
