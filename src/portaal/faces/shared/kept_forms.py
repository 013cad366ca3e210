"""Unsent form data: kept when a session ends, shown in the form again after logging in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portaal.domain.drafts import pages
from portaal.domain.identity.models import Session, User

if TYPE_CHECKING:
    from .sessions import UserRequest

NEVER_KEPT = {"csrfmiddlewaretoken", "submission", "page", "act", "password"}
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


def keep(request: HttpRequest, user: User, page: str) -> bool:
    """Keep the form data of this request for `page`; return False if it is empty or too large."""
    data = {name: values for name, values in request.POST.lists() if name not in NEVER_KEPT}
    return bool(data) and pages.save(user, page, data)


def keep_after_end(request: HttpRequest, user: User) -> str:
    """Keep the form data of a request whose session had just ended; return its page, or ""."""
    page = _page_of(request)
    if page and request.content_type in FORMS:
        keep(request, user, page)
    return page


def typed(request: UserRequest, form: type[forms.Form]) -> dict[str, object]:
    """Return the data kept of this form, as its `initial`; empty if none is kept."""
    kept = _kept(request)
    if not kept.keys() & form.base_fields.keys():
        return {}
    data = MultiValueDict(kept)
    _announce(request)
    return {
        name: field.widget.value_from_datadict(data, {}, name)
        for name, field in form.base_fields.items()
    }


def values(request: UserRequest, name: str) -> list[str]:
    """Return the values kept for this page under a name that is no field of its form."""
    return _kept(request).get(name, [])


def forget_accepted(request: HttpRequest, session: Session) -> None:
    """Delete the data kept for this session's login, if it is of the form that was accepted."""
    if session.user and session.kept_page == _page_of(request):
        pages.delete(session.user)
        Session.objects.filter(pk=session.pk).update(kept_page="")


def _announce(request: UserRequest) -> None:
    """Add the notice that data was kept, once a page, also with two forms on it."""
    text = _("What you had typed is still here. Look it over and send it again.")
    if not getattr(request, "unsent_announced", False):
        request.unsent_announced = True
        messages.info(request, text)


def _kept(request: UserRequest) -> pages.FormData:
    session = request.session.row
    if request.method != "GET" or session is None or session.kept_page != request.path:
        return {}
    return pages.find(request.user, request.path)


def _page_of(request: HttpRequest) -> str:
    """Return the path of the form's page, by the Referer header; "" if not of this portal."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return ""
    path = urlsplit(page).path
    return path if path.startswith("/") else ""
