"""Acts on logins, their sessions and passwords."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portaal.domain.journal.actors import Actor
from portaal.domain.journal.recording import record, verb
from portaal.domain.journal.roles import Role
from portaal.domain.journal.security import record_security_event
from portaal.domain.office.models import Office
from portaal.domain.problems import Unavailable
from portaal.domain.throttle import limits

from . import hashing, permissions, validators
from .events import (
    BLOCKED,
    LANGUAGE_CHOSEN,
    LOGGED_IN,
    LOGGED_OUT,
    LOGIN_REFUSED,
    PASSWORD_LINK_ISSUED,
    PASSWORD_LINK_REQUESTED,
    PASSWORD_SET,
    ROLES_SET,
    STAFF_ADDED,
    TOO_MANY_LINK_REQUESTS,
    TOO_MANY_LOGINS,
    UNBLOCKED,
)
from .models import Assurance, LinkRequest, PasswordLink, Session, User, email_key, hash_secret

UNUSABLE = "!"  # Django hashes for this too, so an unknown address takes as long to answer
# Live links of one login. A new link does not end the older ones, or else anybody could keep ending
# the links of another person.
LINKS_MAX = 3


@verb
def add_staff(*, by: Actor, roles: Collection[str], email: str, **names: str) -> User:
    """Add a login of the office. The person sets a password through an e-mailed link.

    Raises ValidationError without a known role, and by field.
    """
    _only(permissions.may_manage_staff(by))
    _check_roles(roles)
    user = User.objects.make(email=email, roles=roles, **names)
    record(STAFF_ADDED, user, by=by, roles=sorted(user.roles))
    return user


@verb
def set_roles(user: User, *, by: Actor, roles: Collection[str]) -> User:
    """Replace the roles of a login of the office, from its next request on.

    Raises PermissionDenied for a client's login and for one's own, so that nobody adds to their
    own rights, and ValidationError without a known role.
    """
    _only(permissions.may_set_roles(by, user))
    _check_roles(roles)
    if user.roles != set(roles):
        user.roles = frozenset(roles)
        user.save(update_fields=["role_names"])
        record(ROLES_SET, user, by=by, roles=sorted(user.roles))
    return user


def request_password_link(*, by: Actor, email: str, network: str = "") -> LinkRequest | None:
    """Request the second e-mail ("Verstuur", manual 1.1 and 1.2).

    Does the same work for every address; a worker looks up the login. Returns None if the rate
    limit is exceeded: the person sees the same page.
    """
    try:
        limits.hit("password-link", key=email_key(email), network=network)
    except limits.RateLimited:
        record_security_event(TOO_MANY_LINK_REQUESTS, by=by, network=network)
        return None
    return _request_password_link(by=by, email=email)


@verb
def issue_password_link(
    request: LinkRequest, *, by: Actor
) -> tuple[User, PasswordLink, str] | None:
    """Create a password link for a request. Return (login, link, token).

    Returns None for an unknown or blocked address. Only the hash of the token is stored; the token
    itself is only in the e-mail. Raises PermissionDenied for every actor but SYSTEM.
    """
    _only(permissions.may_issue_password_link(by))
    user = User.objects.filter(email_key=email_key(request.email)).first()
    if user is None or not permissions.may_get_password_link(user):
        return None
    purpose = PasswordLink.Purpose.RESET if user.password_set_at else PasswordLink.Purpose.ACTIVATE
    oldest = PasswordLink.objects.filter(user=user).order_by("-made_at")[LINKS_MAX - 1 :]
    PasswordLink.objects.filter(pk__in=[link.pk for link in oldest]).delete()
    token = secrets.token_urlsafe(32)
    link = PasswordLink.objects.create(
        token_hash=hash_secret(token),
        user=user,
        purpose=purpose,
        email_key=user.email_key,
        expires_at=timezone.now() + PasswordLink.LIFETIME[purpose],
    )
    record(PASSWORD_LINK_ISSUED, user, by=by, purpose=purpose)
    return user, link, token


def set_password(
    token: str, password: str, *, by: Actor, face: str = "", language: str = ""
) -> User:
    """Set a password ("Instellen wachtwoord", manual 1.1) and use up the token.

    Ends every session and every other link of the login. With `face`, a login of a client is
    logged in there at once, in `language` if one was chosen. Raises PermissionDenied for a used,
    expired or unknown link, ValidationError for a password that breaks a rule, and Unavailable,
    with which the link stays good.
    """
    link = PasswordLink.objects.known_by(token)
    if link is None or link.email_key != link.user.email_key:
        raise PermissionDenied
    office_name = Office.current().name
    if errors := validators.password_errors(password, user=link.user, office_name=office_name):
        raise ValidationError({"password": errors})
    # Before the transaction: hashing may wait for its turn, and would hold the locks meanwhile.
    encoded = hashing.hashed(password)
    return _set_password(link, encoded, by=by, face=face, language=language)


@verb
def _set_password(link: PasswordLink, encoded: str, *, by: Actor, face: str, language: str) -> User:
    # Locked first: two concurrent links of one login would deadlock on each other's row.
    user = User.objects.select_for_update().get(pk=link.user_id)
    if link.email_key != user.email_key:
        raise PermissionDenied
    now = timezone.now()
    if not PasswordLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise PermissionDenied  # a concurrent request used the link first
    PasswordLink.objects.filter(user=user, used_at=None).update(used_at=now)
    Session.objects.filter(user=user).delete()
    user.password, user.password_set_at = encoded, now
    user.save(update_fields=["password", "password_set_at"])
    record(PASSWORD_SET, user, by=user)
    if face and not user.is_staff:
        record_login(user, by=user, face=face, language=language)
    return user


def log_in(
    *, by: Actor, email: str, password: str, face: str, network: str = "", language: str = ""
) -> User:
    """Log in ("Inloggen", manual 1.2), in `language` if one was chosen on the login page.

    Raises ValidationError with the same sentence for every reason, RateLimited, and Unavailable,
    which counts as no attempt. The attempt is counted before the password is checked, and an
    unknown address costs one hash too.
    """
    try:
        limits.hit("login", key=email_key(email), network=network)
    except limits.RateLimited:
        record_security_event(TOO_MANY_LOGINS, by=by, network=network)
        raise
    user = User.objects.filter(email_key=email_key(email)).first()
    known = (
        user is not None
        and user.is_active
        and bool(user.password)
        and user.is_staff == (face == "office")
    )
    try:
        right = len(password) <= validators.PASSWORD_MAX and hashing.matches(
            password, user.password if known and user else UNUSABLE
        )
    except Unavailable:
        limits.take_back("login", key=email_key(email), network=network)
        raise
    if user is None or not known or not right:
        record_security_event(LOGIN_REFUSED, by=user or by, network=network, face=face)
        raise ValidationError(
            _("E-mail address or password is wrong, or the account is (temporarily) blocked.")
        )
    limits.forgive("login", key=email_key(email), network=network)
    return record_login(user, by=user, face=face, language=language)


@verb
def record_login(user: User, *, by: User, face: str, language: str = "") -> User:
    """Store the time of a login with a correct or just set password (manual 1.1).

    A `language` that was chosen before the login replaces the one of the user. Raises
    PermissionDenied for the login of another person.
    """
    _only(permissions.may_start_session(by, user))
    user.last_login_at = timezone.now()
    user.first_login_at = user.first_login_at or user.last_login_at
    user.save(update_fields=["first_login_at", "last_login_at"])
    record(LOGGED_IN, user, by=by, face=face, assurance=Assurance.PASSWORD)
    return choose_language(user, by=by, language=language) if language else user


@verb
def log_out(session: Session, *, by: User) -> None:
    """Delete this session on the server ("Uitloggen").

    Raises PermissionDenied for the session of another login.
    """
    _only(permissions.may_end_session(by, session))
    if Session.objects.filter(pk=session.pk).delete()[0]:
        record(LOGGED_OUT, by, by=by, face=session.face)


@verb
def choose_language(user: User, *, by: User, language: str) -> User:
    """Set the language of a login ("Instellen taal", manual 2.2).

    Raises PermissionDenied for the login of another person.
    """
    _only(by.pk == user.pk)
    if language not in User.Language.values:
        raise ValidationError(_("Choose Dutch or English."))
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
        record(LANGUAGE_CHOSEN, user, by=by, language=language)
    return user


@verb
def block(user: User, *, by: Actor) -> User:
    """Block a login, and delete its sessions and unused links."""
    _only(permissions.may_block_login(by, user))
    if User.objects.filter(pk=user.pk, deactivated_at=None).update(deactivated_at=timezone.now()):
        Session.objects.filter(user=user).delete()
        PasswordLink.objects.filter(user=user, used_at=None).delete()
        record(BLOCKED, user, by=by)
    user.refresh_from_db(fields=["deactivated_at"])
    return user


@verb
def unblock(user: User, *, by: Actor) -> User:
    """Unblock a login. Its password stays the same."""
    _only(permissions.may_block_login(by, user))
    if User.objects.filter(pk=user.pk).exclude(deactivated_at=None).update(deactivated_at=None):
        record(UNBLOCKED, user, by=by)
    user.refresh_from_db(fields=["deactivated_at"])
    return user


@verb
def _request_password_link(*, by: Actor, email: str) -> LinkRequest:
    _only(permissions.may_request_password_link(by))
    request = LinkRequest.objects.create(email=email.strip()[:254])
    record(PASSWORD_LINK_REQUESTED, request, by=by)
    return request


def _check_roles(roles: Collection[str]) -> None:
    if not roles or not set(roles) <= set(Role.values):
        raise ValidationError(_("Choose at least one role, from the list."))


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
