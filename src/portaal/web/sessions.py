"""Sessions: one row a browser and face, found by the hash of its cookie; `request.user` comes with the same query.

The office has its own cookie: `/kantoor/` never looks at a client's session, nor the other way round.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

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

from portaal.domain.accounts import verbs
from portaal.domain.accounts.models import Session, User, hash_secret
from portaal.gateways.prepared import prepared

from .headers import Handler

CHOSEN = "language"  # where the session keeps the language that was chosen before logging in
LOGGED_OUT = "uitgelogd"
TOUCH = timedelta(minutes=1)  # the idle clock is written at most this often


class BrowserSession(SessionBase):
    """What Django's messages and our own pages keep for a browser; a row is made only when there is something to keep."""

    def __init__(self, face: str, cookie: str | None = None) -> None:
        super().__init__(cookie)
        self.face = face
        self.row, self.ended = _find(face, cookie)
        self.new_cookie: str | None = None
        self.is_ended = False

    @property
    def ended_user(self) -> User | None:
        """Whose session this cookie had, when it ended by itself since the last request."""
        return (
            self.ended.user
            if self.ended and self.ended.user and self.ended.user.is_active
            else None
        )

    @property
    def user(self) -> User | AnonymousUser:
        return self.row.user if self.row and self.row.user else AnonymousUser()

    def load(self) -> dict[str, Any]:
        return self.decode(self.row.data) if self.row and self.row.data else {}

    def touch(self) -> None:
        """A sign of life: the idle clock starts again."""
        now = timezone.now()
        if self.row and now - self.row.seen_at > TOUCH:
            self.row.seen_at = now
            Session.objects.filter(pk=self.row.pk).update(seen_at=now)

    def begin(self, user: User | None) -> None:
        """A new session under a new cookie, at every change of level; what the old one kept goes with it."""
        if self.row:
            Session.objects.filter(pk=self.row.pk).delete()
        self._session_cache: dict[str, Any] = {}
        self.new_cookie = secrets.token_urlsafe(32)
        self.row = Session.objects.create(
            key_hash=hash_secret(self.new_cookie), face=self.face, user=user
        )
        self.is_ended = False

    def end(self) -> None:
        """Forgets the session on the server and in the browser."""
        if self.row:
            Session.objects.filter(pk=self.row.pk).delete()
        self.row, self.new_cookie, self.is_ended, self._session_cache = None, None, True, {}
        self.modified = False

    def save(self, must_create: bool = False) -> None:
        if self.row is None:
            data = self._session
            self.begin(None)
            self._session_cache = data
        assert self.row is not None
        # An update, not a save: a session that was ended meanwhile stays ended.
        Session.objects.filter(pk=self.row.pk).update(data=self.encode(self._session))


def sessions(get_response: Handler) -> Handler:
    def respond(request: HttpRequest) -> HttpResponse:
        face = "office" if request.path.startswith("/kantoor/") else "client"
        name = settings.OFFICE_COOKIE if face == "office" else settings.CLIENT_COOKIE
        session = BrowserSession(face, request.COOKIES.get(name))
        request.session, request.user = session, session.user
        if not _only_looks(request):
            session.touch()
        response = get_response(request)
        if session.modified:
            session.save()
        if session.new_cookie:
            _set_cookie(response, name, session.new_cookie)
        elif session.is_ended:
            response.delete_cookie(name, path="/", samesite="Lax")
        return response

    return respond


def _only_looks(request: HttpRequest) -> bool:
    """The page that asks how long its session lasts is no sign of life."""
    return request.method == "GET" and request.path.endswith("/sessie/")


def log_in(request: HttpRequest, user: User) -> None:
    """Gives this browser a session of its own for a login that has shown who it is, in the language just chosen at the door."""
    chosen = request.session.get(CHOSEN)
    request.session.begin(user)
    request.user = user
    if chosen:
        verbs.choose_language(user, by=user, language=chosen)


def log_out(request: HttpRequest, door: str) -> HttpResponse:
    """Ends the session and forgets what the browser kept. The door's address carries the mark by which it says so."""
    verbs.log_out(request.session.row, by=request.user)
    request.session.end()
    response = redirect(f"{reverse(door)}?{LOGGED_OUT}")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def say_logged_out(request: HttpRequest) -> None:
    """At the door, just after logging out: shown on this very page, as there is no session to keep it."""
    if request.method == "GET" and LOGGED_OUT in request.GET:
        messages.success(request, _("You have been logged out."))


def _find(face: str, cookie: str | None) -> tuple[Session | None, Session | None]:
    """(the session, None), (None, the session that has just ended), or (None, None)."""
    if not cookie or len(cookie) > 100:
        return None, None
    found = _session(hash_secret(cookie), face)
    if not found:
        return None, None
    row: Session = found[0]
    now = timezone.now()
    too_old = (
        now - row.made_at > settings.SESSION_ABSOLUTE[face]
        or now - row.seen_at > settings.SESSION_IDLE
    )
    if too_old or (row.user and not row.user.is_active):
        Session.objects.filter(pk=row.pk).delete()
        return None, row
    return row, None


@prepared
def _session(key_hash: str, face: str) -> QuerySet[Session]:
    return Session.objects.select_related("user").filter(pk=key_hash, face=face)


def _set_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, secure=settings.SECURE, httponly=True, samesite="Lax", path="/"
    )
