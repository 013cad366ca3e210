"""Permissions for dossiers."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from portaal.domain.accounts.models import User
from portaal.gateways.prepared import prepared

from .models import Access, Dossier, Party


def may_open(user: User) -> bool:
    """Handlers may open a new dossier."""
    return user.role == User.Role.HANDLER and user.is_active


def may_handle(user: User, dossier: Dossier) -> bool:
    """Handlers may work in dossiers that are not confidential, and in their own."""
    return may_open(user) and (not dossier.confidential or dossier.handler_id == user.pk)


def may_write(user: User, dossier: Dossier) -> bool:
    """Handlers and client logins that write for a party with full access, until it is closed."""
    if user.is_staff:
        return dossier.closed_at is None and may_handle(user, dossier)
    return bool(writing_parties(user, dossier))


def writing_parties(user: User, dossier: Dossier) -> list[Party]:
    """Return the parties that a client's login may write for; none in a closed dossier.

    In order: a new message is for the first one.
    """
    return _writing(user, dossier.pk) if dossier.closed_at is None else []


@prepared
def _writing(user: User, dossier: UUID) -> QuerySet[Party]:
    return Party.objects.accessible_to(user, Access.WRITE).filter(dossier=dossier)
