"""What can happen to clients and logins."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portaal.domain.journal.actors import Actor
from portaal.domain.journal.recording import record, record_security_event, verb
from portaal.domain.office.models import Office

from . import limits, rules
from .models import (
    Client,
    Invitation,
    LinkRequest,
    Membership,
    PasswordLink,
    Session,
    User,
    email_key,
    hash_secret,
)

By = User | Actor
UNUSABLE = "!"  # Django makes one hash for it too, so the answer takes as long
LINKS_MAX = (
    3  # live at once: a newer link does not kill the older, so nobody can keep killing another's
)


@verb
def add_client(*, by: By, submission: UUID | None = None, **facts: str) -> Client:
    """Makes a client, a person or a company (1.1: nobody registers themselves). Raises ValidationError by field."""
    _only(isinstance(by, Actor) or rules.may_manage_clients(by))
    client = Client(**facts)
    client.full_clean()
    missing = {}
    if client.is_company and not client.company_name:
        missing["company_name"] = _("Enter the name of the company.")
    if not client.is_company and not client.surname:
        missing["surname"] = _("Enter the surname.")
    if missing:
        raise ValidationError(missing)
    client.save()
    record("accounts.add_client", client, by=by, submission=submission)
    return client


@verb
def add_staff(*, by: By, role: str, email: str, **names: str) -> User:
    """Makes a login of the office itself. It sets its password through the same e-mailed link as everybody."""
    _only(isinstance(by, Actor) or by.role == User.Role.MANAGER)
    user = _new_user(email=email, role=role, **names)
    record("accounts.add_staff", user, by=by, role=role)
    return user


@verb
def add_login(
    client: Client,
    *,
    by: By,
    email: str = "",
    kind: str = Membership.Kind.MAIN,
    all_dossiers: bool = True,
    language: str = User.Language.DUTCH,
    **names: str,
) -> Membership:
    """Gives a client a login on the client's own address, or on `email`; a login that exists comes for this client too.

    Raises ValidationError for a client without e-mail address, and for an address of the office's own people.
    """
    _only(isinstance(by, Actor) or rules.may_manage_clients(by))
    address = email or client.email
    if not address:
        raise ValidationError(
            {"email": _("This client has no e-mail address. Enter one to invite the client.")}
        )
    user = User.objects.select_for_update().filter(email_key=email_key(address)).first()
    if user is None:
        own = {
            name: getattr(client, name)
            for name in ("salutation", "first_names", "infix", "surname")
        }
        user = _new_user(email=address, role=User.Role.CLIENT, language=language, **(names or own))
    elif user.is_staff:
        raise ValidationError(
            {
                "email": _(
                    "This is an address of someone at the office. Use the client's own address."
                )
            }
        )
    membership, is_new = Membership.objects.get_or_create(
        user=user, client=client, defaults={"kind": kind, "all_dossiers": all_dossiers}
    )
    if not is_new and membership.ended_at:
        membership.ended_at, is_new = None, True
        membership.save(update_fields=["ended_at"])
    if is_new:
        record("accounts.add_login", membership, by=by)
    return membership


@verb
def invite(membership: Membership, *, by: By, submission: UUID | None = None) -> Invitation:
    """Invites a login (1.1): the first e-mail goes out. May be done again."""
    _only(isinstance(by, Actor) or rules.may_manage_clients(by))
    if not membership.user.is_active or membership.ended_at:
        raise ValidationError(_("This login is blocked. Open it first."))
    invitation = Invitation.objects.create(membership=membership)
    record("accounts.invite", invitation, by=by, submission=submission)
    return invitation


def request_password_link(*, by: By, email: str, network: str = "") -> LinkRequest | None:
    """'Verstuur' (1.1, 1.2): asks for the second e-mail. The same work for everyone; a worker looks whether there is a login.

    Returns None when this was asked too often: the person sees the same page.
    """
    try:
        limits.spend("password-link", key=email_key(email), network=network)
    except limits.TooMany:
        record_security_event("accounts.request_password_link.too_many", by=by, network=network)
        return None
    return _request_password_link(by=by, email=email)


@verb
def issue_password_link(request: LinkRequest, *, by: By) -> tuple[User, PasswordLink, str] | None:
    """The worker's answer to a request: (login, link, token), or None when the address is nobody's or is blocked.

    The token exists in the e-mail alone; here its hash is kept.
    """
    user = User.objects.filter(email_key=email_key(request.email), deactivated_at=None).first()
    if user is None or not (user.is_staff or Membership.objects.of(user).exists()):
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
        expires_at=timezone.now() + PasswordLink.LIVES[purpose],
    )
    record("accounts.issue_password_link", user, by=by, purpose=purpose)
    return user, link, token


@verb
def set_password(token: str, password: str, *, by: By) -> User:
    """'Instellen wachtwoord' (1.1): the token is used up, every session and other link of the login ends.

    Raises PermissionDenied for a link that is used, expired or nobody's; ValidationError for a password that will not do.
    """
    link = PasswordLink.objects.known_by(token)
    if link is None:
        raise PermissionDenied
    user = User.objects.select_for_update().get(
        pk=link.user_id
    )  # two links at once would wait for each other
    if link.email_key != user.email_key:
        raise PermissionDenied
    if faults := rules.password_faults(password, user=user, office_name=Office.current().name):
        raise ValidationError({"password": faults})
    now = timezone.now()
    if not PasswordLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise PermissionDenied  # two at once: one of them was first
    PasswordLink.objects.filter(user=user, used_at=None).update(used_at=now)
    Session.objects.filter(user=user).delete()
    user.password, user.password_set_at = make_password(password), now
    user.save(update_fields=["password", "password_set_at"])
    record("accounts.set_password", user, by=user)
    return user


def log_in(*, by: By, email: str, password: str, face: str, network: str = "") -> User:
    """'Inloggen' (1.2). Raises ValidationError with one sentence for every reason, TooMany when tried too often.

    The try is counted before the password is looked at, and one hash is made whoever is asked for.
    """
    try:
        limits.spend("login", key=email_key(email), network=network)
    except limits.TooMany:
        record_security_event("accounts.log_in.too_many", by=by, network=network)
        raise
    user = User.objects.filter(email_key=email_key(email)).first()
    known = (
        user is not None
        and user.is_active
        and bool(user.password)
        and user.is_staff == (face == "office")
    )
    right = len(password) <= rules.PASSWORD_MAX and check_password(
        password, user.password if known and user else UNUSABLE
    )
    if user is None or not known or not right:
        record_security_event("accounts.log_in", by=user or by, network=network, face=face)
        raise ValidationError(
            _("E-mail address or password is wrong, or the account is (temporarily) blocked.")
        )
    limits.give_back("login", key=email_key(email), network=network)
    return enter(user, by=user, face=face)


@verb
def enter(user: User, *, by: User, face: str) -> User:
    """Lets in a login that has shown who it is: by its password, or by having set one just now (1.1)."""
    user.last_login_at = timezone.now()
    user.first_login_at = user.first_login_at or user.last_login_at
    user.save(update_fields=["first_login_at", "last_login_at"])
    record("accounts.log_in", user, by=by, face=face)
    return user


@verb
def log_out(session: Session, *, by: By) -> None:
    """'Uitloggen': ends this session on the server too."""
    if Session.objects.filter(pk=session.pk).delete()[0] and isinstance(by, User):
        record("accounts.log_out", by, by=by, face=session.face)


@verb
def choose_language(user: User, *, by: User, language: str) -> User:
    """'Instellen taal' (2.2): at once, and after logging in again."""
    _only(by.pk == user.pk)
    if language not in User.Language.values:
        raise ValidationError(_("Choose Dutch or English."))
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
        record("accounts.choose_language", user, by=by, language=language)
    return user


@verb
def block(user: User, *, by: By) -> User:
    """Closes a login at once: its sessions and links end in the same act."""
    _only(isinstance(by, Actor) or rules.may_block_login(by, user))
    if User.objects.filter(pk=user.pk, deactivated_at=None).update(deactivated_at=timezone.now()):
        Session.objects.filter(user=user).delete()
        PasswordLink.objects.filter(user=user, used_at=None).delete()
        record("accounts.block", user, by=by)
    user.refresh_from_db(fields=["deactivated_at"])
    return user


@verb
def unblock(user: User, *, by: By) -> User:
    """Opens a blocked login again; it logs in with the password it had."""
    _only(isinstance(by, Actor) or rules.may_block_login(by, user))
    if User.objects.filter(pk=user.pk).exclude(deactivated_at=None).update(deactivated_at=None):
        record("accounts.unblock", user, by=by)
    user.refresh_from_db(fields=["deactivated_at"])
    return user


@verb
def _request_password_link(*, by: By, email: str) -> LinkRequest:
    request = LinkRequest.objects.create(email=email.strip()[:254])
    record("accounts.request_password_link", request, by=by)
    return request


def _new_user(*, email: str, role: str, language: str = User.Language.DUTCH, **names: str) -> User:
    user = User(
        email=email.strip(), email_key=email_key(email), role=role, language=language, **names
    )
    user.set_unusable_password()
    user.full_clean(exclude=["email_key", "password"])
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise ValidationError({"email": _("There is a login with this e-mail address already.")})
    return user


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
