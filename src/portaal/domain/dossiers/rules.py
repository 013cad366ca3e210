"""Who may what with a dossier."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from portaal.domain.accounts.models import User
from portaal.gateways.prepared import prepared

from .models import Dossier, Party


def may_open(user: User) -> bool:
    """Handlers open dossiers."""
    return user.role == User.Role.HANDLER and user.is_active


def may_handle(user: User, dossier: Dossier) -> bool:
    """A handler works in every dossier that is not confidential, and in their own."""
    return may_open(user) and (not dossier.confidential or dossier.handler_id == user.pk)


def may_write(user: User, dossier: Dossier) -> bool:
    """Whoever handles the dossier, and a client's login that writes for a party with full access; closing a dossier stops writing
    in it (decision 9 of the manual's page)."""
    if user.is_staff:
        return dossier.closed_at is None and may_handle(user, dossier)
    return bool(writes_for(user, dossier))


def writes_for(user: User, dossier: Dossier) -> list[Party]:
    """The parties for which a client's login writes in a dossier, in their order; none once it is closed."""
    return _writing(user, dossier.pk) if dossier.closed_at is None else []


@prepared
def _writing(user: User, dossier: UUID) -> QuerySet[Party]:
    return Party.objects.writing(user).filter(dossier=dossier)
