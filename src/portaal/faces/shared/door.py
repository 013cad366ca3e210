"""Logging in, the same at the doors of clients and of the office."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from portaal.domain.identity import verbs
from portaal.domain.journal.actors import ANONYMOUS
from portaal.domain.throttle import limits
from portaal.web.network import network
from portaal.web.routes import local_path

from . import sessions
from .sessions import PortalRequest

BLOCKED = gettext_noop(
    "E-mail address or password is wrong, or the account is (temporarily) blocked."
)


def login(
    request: PortalRequest, template: str, demo_logins: list[tuple[str, str]]
) -> HttpResponse:
    """Show the login page of the face, or log in and go on to the page that was asked for.

    `demo_logins` are (description, e-mail address), which the page lists in demo mode.
    """
    home = reverse(f"{request.session.face}:home")
    if request.user.is_authenticated and request.method != "POST":
        return redirect(home)
    sessions.say_logged_out(request)
    form, wait = LoginForm(request.POST or None), None
    try:
        if form.is_valid():
            _log_in(request, form)
            return redirect(local_path(request, home))
    except ValidationError as error:
        form.add_error(None, error)
    except limits.RateLimited as error:
        form.add_error(None, _(BLOCKED))
        wait = error.retry_after
    context = {"form": form, "next": local_path(request, ""), "demo_logins": []}
    if settings.DEMO:
        context |= {"demo_logins": demo_logins, "demo_password": settings.DEMO_PASSWORD}
    response = render(request, template, context, status=_status(form, wait))
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _log_in(request: PortalRequest, form: LoginForm) -> None:
    user = verbs.log_in(
        by=ANONYMOUS,
        face=request.session.face,
        network=network(request),
        language=sessions.chosen_language(request),
        **form.cleaned_data,
    )
    sessions.log_in(request, user)


def _status(form: LoginForm, wait: int | None) -> int:
    return 429 if wait else 400 if form.errors else 200


class LoginForm(forms.Form):
    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"}),
        error_messages={"required": gettext_lazy("Enter your e-mail address.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Enter your password.")},
    )
