"""Acts on clients and their logins."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from portaal.domain.identity.models import User, email_key
from portaal.domain.journal.actors import Actor
from portaal.domain.journal.recording import record, verb
from portaal.domain.keys.models import Vault

from . import permissions
from .events import CLIENT_ADDED, INVITED, LOGIN_ADDED
from .models import Client, Invitation, Membership


@verb
def add_client(*, by: Actor, submission: UUID | None = None, **facts: str) -> Client:
    """Add a person or a company; clients cannot register themselves (manual 1.1).

    Raises PermissionDenied, and ValidationError by field.
    """
    _only(permissions.may_manage_clients(by))
    client = _new_client(**facts)
    record(CLIENT_ADDED, client, by=by, submission=submission)
    return client


@verb
def register_client(
    *,
    by: Actor,
    invited: bool,
    language: str = User.Language.DUTCH,
    submission: UUID | None = None,
    **facts: str,
) -> Client:
    """Add a client and, if `invited`, a login in `language` with an invitation.

    Raises PermissionDenied, and ValidationError by field. If the address is refused, nothing is
    added, so that the corrected form can be sent with the same submission id.
    """
    _only(permissions.may_manage_clients(by))
    client = _new_client(**facts)
    record(CLIENT_ADDED, client, by=by, submission=submission)
    if invited:
        invite(add_login(client, by=by, language=language), by=by)
    return client


@verb
def add_login(
    client: Client,
    *,
    by: Actor,
    email: str = "",
    kind: str = Membership.Kind.MAIN,
    all_dossiers: bool = True,
    language: str = User.Language.DUTCH,
    **names: str,
) -> Membership:
    """Give a client a login on `email`, or else on the address of the client.

    An existing login with this address gets a membership for the client. Raises ValidationError
    for a client without e-mail address, and for the address of a login of the office.
    """
    _only(permissions.may_manage_clients(by))
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
        user = User.objects.make(email=address, language=language, **(names or own))
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
        record(LOGIN_ADDED, membership, by=by)
    return membership


@verb
def invite(membership: Membership, *, by: Actor, submission: UUID | None = None) -> Invitation:
    """Invite a login with the first e-mail (manual 1.1). Can be repeated."""
    _only(permissions.may_manage_clients(by))
    if not membership.user.is_active or membership.ended_at:
        raise ValidationError(_("This login is blocked. Open it first."))
    invitation = Invitation.objects.create(membership=membership)
    record(INVITED, invitation, by=by, submission=submission)
    return invitation


@verb
def invite_client(client: Client, *, by: Actor, submission: UUID | None = None) -> Invitation:
    """Invite the oldest active login of a client, or a new login on the client's address.

    Raises ValidationError as `add_login` and `invite` do.
    """
    logins = Membership.objects.filter(client=client, ended_at=None).order_by("made_at")
    membership = logins.first() or add_login(client, by=by)
    return invite(membership, by=by, submission=submission)


def _new_client(**facts: str) -> Client:
    client = Client(**facts)
    client.full_clean()
    missing = {}
    if client.is_company and not client.company_name:
        missing["company_name"] = _("Enter the name of the company.")
    if not client.is_company and not client.surname:
        missing["surname"] = _("Enter the surname.")
    if missing:
        raise ValidationError(missing)
    client.vault = Vault.objects.make()
    client.save()
    return client


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
