"""A session that ends while somebody types: what was typed stands in the form again after logging in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portaal.domain.accounts import unsent
from portaal.domain.accounts.models import User

from .headers import Handler

NEVER_KEPT = {"csrfmiddlewaretoken", "submission", "page", "act", "password"}
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
PAGE = "unsent"  # in the session: the page for which something is kept


def keep(request: HttpRequest, user: User, page: str) -> bool:
    """Keeps what the form of this request says, for `page`. False when it says nothing, or too much."""
    typed = {name: values for name, values in request.POST.lists() if name not in NEVER_KEPT}
    return bool(typed) and unsent.save(user, page, typed)


def keep_after_end(request: HttpRequest, user: User) -> str:
    """A form came from a session that had just ended: keeps what it said. Returns the page to go back to."""
    page = _page_of(request)
    if page and request.content_type in FORMS:
        keep(request, user, page)
    return page


def typed(request: HttpRequest, form: type[forms.Form]) -> dict[str, Any]:
    """What was typed in this form before the session ended, as its `initial`; empty when nothing is kept for this page."""
    kept = _kept(request)
    if not kept.keys() & form.base_fields.keys():
        return {}
    data = MultiValueDict(kept)
    if not getattr(request, "is_told", False):  # once, also with two forms on the page
        request.is_told = True
        messages.info(
            request, _("What you had typed is still here. Look it over and send it again.")
        )
    return {
        name: field.widget.value_from_datadict(data, {}, name)
        for name, field in form.base_fields.items()
    }


def values(request: HttpRequest, name: str) -> list[str]:
    """What was kept for this page under a name that is no field of its form."""
    return _kept(request).get(name, [])


def unsent_text(get_response: Handler) -> Handler:
    """Remembers at logging in that something is kept, and forgets it once that page's form was accepted."""

    def respond(request: HttpRequest) -> HttpResponse:
        was_in = request.user.is_authenticated
        response = get_response(request)
        if (
            request.method != "POST"
            or response.status_code != 302
            or not request.user.is_authenticated
        ):
            return response
        if not was_in:
            if page := unsent.page_of(request.user):
                request.session[PAGE] = page
        elif request.session.get(PAGE) and request.session[PAGE] == _page_of(request):
            unsent.delete(request.user)
            del request.session[PAGE]
        return response

    return respond


def _kept(request: HttpRequest) -> unsent.FormData:
    if request.method != "GET" or request.session.get(PAGE) != request.path:
        return {}
    return unsent.find(request.user, request.path)


def _page_of(request: HttpRequest) -> str:
    """The page that a form stood on, from the browser's own word; empty when it does not say or it is not of this portal."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return ""
    path = urlsplit(page).path
    return path if path.startswith("/") else ""
