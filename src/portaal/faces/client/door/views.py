"""Logging in and out, and the link that sets a password (manual 1.1, 1.2)."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portaal.domain.identity import verbs
from portaal.domain.identity.models import PasswordLink, User
from portaal.domain.journal.actors import ANONYMOUS
from portaal.domain.throttle import limits
from portaal.faces.shared import door, sessions
from portaal.faces.shared.access import ClientRequest, client, public
from portaal.faces.shared.sessions import PortalRequest
from portaal.web.language import chosen_before
from portaal.web.network import network

from .forms import EmailForm, PasswordForm

TOKEN = "password_token"  # noqa: S105 - session key: the token, between the link and the form


@public
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: PortalRequest) -> HttpResponse:
    return door.login(request, "client/door/login.html", settings.DEMO_LOGINS)


@client
@require_POST
def logout(request: ClientRequest) -> HttpResponse:
    return sessions.log_out(request, "client:login")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: PortalRequest) -> HttpResponse:
    """Ask for the e-mail address, after the link of the first e-mail, which holds no secret."""
    return _ask_for_link(request, "client/door/welcome.html")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def password_request(request: PortalRequest) -> HttpResponse:
    return _ask_for_link(request, "client/door/password_request.html")


@public
@require_safe
def password_requested(request: PortalRequest) -> HttpResponse:
    return render(
        request,
        "client/door/password_requested.html",
        {"email": request.session.get("asked_for", "")},
    )


@public
@require_safe
def password_link(request: PortalRequest, token: str) -> HttpResponse:
    """Move the token of the second e-mail's link from the URL to the session; nothing else."""
    if PasswordLink.objects.known_by(token) is None:
        # Only wrong tokens count: a mail scanner may open a valid link any number of times.
        limits.hit("token", network=network(request))
        return _dead_link(request)
    request.session.begin(None)
    request.session[TOKEN] = token
    return redirect("client:password_set")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def password_set(request: PortalRequest) -> HttpResponse:
    token = request.session.get(TOKEN, "")
    link = PasswordLink.objects.known_by(token)
    if link is None:
        return _dead_link(request)
    form, is_first = PasswordForm(request.POST or None), link.user.first_login_at is None
    if form.is_valid():
        try:
            user = verbs.set_password(
                token,
                form.cleaned_data["password"],
                by=ANONYMOUS,
                face="client",
                language=_language_after_setting(request, is_first),
            )
        except ValidationError as error:
            form.add_error(None, error)
        except PermissionDenied:
            return _dead_link(request)
        else:
            return _after_setting(request, user, is_first)
    context = {"form": form, "email": link.user.email}
    return render(
        request, "client/door/password_set.html", context, status=400 if form.errors else 200
    )


def _ask_for_link(request: PortalRequest, template: str) -> HttpResponse:
    form = EmailForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        verbs.request_password_link(by=ANONYMOUS, email=email, network=network(request))
        request.session["asked_for"] = email
        return redirect("client:password_requested")
    return render(request, template, {"form": form}, status=400 if form.errors else 200)


def _language_after_setting(request: PortalRequest, is_first: bool) -> str:
    """Return the language chosen in this session or, at first, earlier in this browser.

    The session may have lost the language that was chosen between the two e-mails.
    """
    return (chosen_before(request) if is_first else "") or sessions.chosen_language(request)


def _after_setting(request: PortalRequest, user: User, is_first: bool) -> HttpResponse:
    """Send staff to the login page of the office; log a client in, at first to their details."""
    if user.is_staff:
        request.session.begin(None)
        messages.success(request, _("Your password has been set. You can log in now."))
        return redirect("office:login")
    sessions.log_in(request, user)
    if is_first:
        request.session["first_time"] = True
        return redirect("client:details")
    messages.success(request, _("Your password has been set."))
    return redirect("client:home")


def _dead_link(request: PortalRequest) -> HttpResponse:
    """Show the same page for a link that is used, expired, malformed or unknown."""
    return render(request, "client/door/link_dead.html", status=410)
