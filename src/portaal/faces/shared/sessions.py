"""Sessions: one row a browser and face, found by the hash of its cookie.

The office has its own cookie: `/kantoor/` never reads a client's session, nor the reverse.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portaal.domain.context import current_request, note_login
from portaal.domain.drafts import pages
from portaal.domain.identity import verbs
from portaal.domain.identity.models import Assurance, Session, User
from portaal.speed.queries import prepared
from portaal.web.headers import Handler

from .kept_forms import forget_accepted

CHOSEN = "language"  # session key: the language chosen before logging in
LOGGED_OUT = "uitgelogd"
TOUCH = timedelta(minutes=1)  # the last activity is written at most this often


class BrowserSession(SessionBase):
    """Session data of one browser; a row is created when something is first stored."""

    def __init__(self, face: str, cookie: str | None = None) -> None:
        super().__init__(cookie)
        self.face = face
        self.row: Session | None
        self.row, self.ended = _find(face, cookie)
        self.new_cookie: str | None = None
        self.is_ended = False

    @property
    def ended_user(self) -> User | None:
        """Return the active user whose session has timed out since the last request, if any."""
        user = self.ended.user if self.ended else None
        return user if user and user.is_active else None

    @property
    def user(self) -> User | AnonymousUser:
        return self.row.user if self.row and self.row.user else AnonymousUser()

    def load(self) -> dict[str, object]:
        return self.decode(self.row.data) if self.row and self.row.data else {}

    @property
    def seconds_left(self) -> int:
        """Return the seconds until the user is logged out without further activity."""
        if self.row is None or self.row.user is None:
            return 0
        ends_at = min(
            self.row.seen_at + settings.SESSION_IDLE,
            self.row.made_at + settings.SESSION_ABSOLUTE[self.face],
        )
        return max(0, int((ends_at - timezone.now()).total_seconds()))

    def touch(self) -> None:
        """Record activity, at most once in TOUCH."""
        if self.row and timezone.now() - self.row.seen_at > TOUCH:
            self.extend()

    def extend(self) -> None:
        """Start the idle timeout again."""
        if self.row:
            self.row.seen_at = timezone.now()
            Session.objects.filter(pk=self.row.pk).update(seen_at=self.row.seen_at)

    def begin(self, user: User | None, assurance: str = "", kept_page: str = "") -> None:
        """Replace the session by an empty one with a new cookie, at every change of privilege."""
        if self.row:
            Session.objects.filter(pk=self.row.pk).delete()
        self._forget()
        self.new_cookie = secrets.token_urlsafe(32)
        self.row = Session.objects.create(
            key_hash=hash_cookie(self.new_cookie),
            face=self.face,
            user=user,
            assurance=assurance,
            kept_page=kept_page,
        )
        self.is_ended = False

    def end(self) -> None:
        """Delete the session on the server and its cookie in the browser."""
        if self.row:
            Session.objects.filter(pk=self.row.pk).delete()
        self.row, self.new_cookie, self.is_ended = None, None, True
        self._forget()

    def save(self, must_create: bool = False) -> None:
        data = dict(self.items())
        if self.row is None:
            self.begin(None)
            self.update(data)
        assert self.row is not None
        # An update, not a save: it must not recreate a session that was ended meanwhile.
        Session.objects.filter(pk=self.row.pk).update(data=self.encode(data))

    def _forget(self) -> None:
        """Empty the data; nothing is left to store."""
        self.clear()
        self.modified = False


class PortalRequest(HttpRequest):
    """A request that has passed the middleware `sessions`."""

    session: BrowserSession


class UserRequest(PortalRequest):
    """A request from a user who is logged in."""

    user: User
    unsent_announced: bool  # set by `kept_forms`: the page says that form data was kept


def sessions(get_response: Handler) -> Handler:
    """Middleware: load the session and user of the face, and store what changed."""

    def respond(request: HttpRequest) -> HttpResponse:
        face = "office" if request.path.startswith("/kantoor/") else "client"
        name = settings.OFFICE_COOKIE if face == "office" else settings.CLIENT_COOKIE
        session = BrowserSession(face, request.COOKIES.get(name))
        request.session, request.user = session, session.user
        if session.row:
            known = replace(current_request.get(), assurance=session.row.assurance)
            current_request.set(replace(known, login=str(session.row.user_id or "")))
        if not _is_passive(request):
            session.touch()
        response = get_response(request)
        is_accepted = request.method == "POST" and response.status_code == 302
        if is_accepted and session.row and session.row.kept_page:
            forget_accepted(request, session.row)
        if session.modified:
            session.save()
        if session.new_cookie:
            _set_cookie(response, name, session.new_cookie)
        elif session.is_ended:
            response.delete_cookie(name, path="/", samesite="Lax")
        return response

    return respond


def _is_passive(request: HttpRequest) -> bool:
    """Tell if a script asks for the time left, which must not extend the session."""
    return request.method == "GET" and request.path.endswith("/sessie/")


def log_in(request: PortalRequest, user: User) -> None:
    """Start a session for a user whose password was checked."""
    request.session.begin(user, Assurance.PASSWORD, pages.page_of(user))
    request.user = user
    note_login(user.pk)


def chosen_language(request: PortalRequest) -> str:
    """Return the language chosen in this session before logging in; "" if none."""
    return str(request.session.get(CHOSEN, ""))


def log_out(request: UserRequest, login_page: str) -> HttpResponse:
    """End the session, clear the browser's storage and redirect to the route `login_page`."""
    if request.session.row:
        verbs.log_out(request.session.row, by=request.user)
    request.session.end()
    response = redirect(f"{reverse(login_page)}?{LOGGED_OUT}")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def say_logged_out(request: HttpRequest) -> None:
    """Add the notice after logging out. The login page calls it, as no session can store it."""
    if request.method == "GET" and LOGGED_OUT in request.GET:
        messages.success(request, _("You have been logged out."))


def _find(face: str, cookie: str | None) -> tuple[Session | None, Session | None]:
    """Return the session, or None with the session that has just timed out, or None twice."""
    if not cookie or len(cookie) > 100:
        return None, None
    row = _sessions.first(hash_cookie(cookie), face)
    if row is None:
        return None, None
    now = timezone.now()
    too_old = (
        now - row.made_at > settings.SESSION_ABSOLUTE[face]
        or now - row.seen_at > settings.SESSION_IDLE
    )
    if too_old or (row.user and row.user.deactivated_at):
        Session.objects.filter(pk=row.pk).delete()
        return None, row
    return row, None


def hash_cookie(cookie: str) -> str:
    """Return the stored form of a cookie; a plain hash is enough for 256 random bits."""
    return sha256(cookie.encode("utf-8", "replace")).hexdigest()


@prepared
def _sessions(key_hash: str, face: str) -> QuerySet[Session]:
    return Session.objects.select_related("user").filter(pk=key_hash, face=face)


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, secure=settings.SECURE, httponly=True, samesite="Lax", path="/"
    )
