"""Permissions for dossiers."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from portaal.domain.accounts.models import User
from portaal.gateways.prepared import prepared

from .models import Dossier, Party


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
    return bool(writes_for(user, dossier))


def writes_for(user: User, dossier: Dossier) -> list[Party]:
    """Return the parties that a client's login writes for, in order; none in a closed dossier."""
    return _writing(user, dossier.pk) if dossier.closed_at is None else []


@prepared
def _writing(user: User, dossier: UUID) -> QuerySet[Party]:
    return Party.objects.writing(user).filter(dossier=dossier)
