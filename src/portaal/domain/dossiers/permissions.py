"""Permissions for dossiers."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from portaal.domain.identity.models import User
from portaal.domain.journal.roles import Right
from portaal.speed.queries import prepared

from .models import Access, Assignment, Dossier, Party


def may_open(user: User) -> bool:
    """Handlers and secretaries may open a new dossier."""
    return user.has_right(Right.WORK_IN_DOSSIERS) and user.is_active


def may_be_handler(user: User) -> bool:
    """Active handlers may be the handler of a dossier."""
    return user.has_right(Right.HANDLE_DOSSIERS) and user.is_active


def may_be_assigned(user: User, kind: str) -> bool:
    """Active handlers may be handler or deputy; whoever works in dossiers may be secretary."""
    return may_open(user) if kind == Assignment.Kind.SECRETARY else may_be_handler(user)


def may_handle(user: User, dossier: Dossier) -> bool:
    """Allow handlers and secretaries, in a confidential dossier if assigned to it."""
    return may_open(user) and (not dossier.confidential or dossier.is_assigned_to(user))


def may_release_files(user: User, dossier: Dossier) -> bool:
    """Handlers of the dossier may release its quarantined files; secretaries may not."""
    return may_handle(user, dossier) and user.has_right(Right.RELEASE_FILES)


def may_write(user: User, dossier: Dossier) -> bool:
    """Handlers and client logins that write for a party with full access, until it is closed."""
    if dossier.closed_at:
        return False
    return may_handle(user, dossier) if user.is_staff else bool(writing_parties(user, dossier.pk))


@prepared
def writing_parties(user: User, dossier: UUID) -> QuerySet[Party]:
    """Return the parties that a client's login may write for; none in a closed dossier.

    In order: a new message is for the first one.
    """
    parties = Party.objects.accessible_to(user, Access.WRITE)
    return parties.filter(dossier=dossier, dossier__closed_at=None)
