"""Who may what with a dossier."""

from __future__ import annotations

from portaal.domain.accounts.models import User

from .models import Dossier


def may_open(user: User) -> bool:
    """Handlers open dossiers."""
    return user.role == User.Role.HANDLER and user.is_active


def may_handle(user: User, dossier: Dossier) -> bool:
    """A handler works in every dossier that is not confidential, and in their own."""
    return may_open(user) and (not dossier.confidential or dossier.handler_id == user.pk)
