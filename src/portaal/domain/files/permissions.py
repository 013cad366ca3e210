"""Permissions for the content of a file."""

from __future__ import annotations

from portaal.domain.identity.models import User
from portaal.domain.journal.roles import Right
from portaal.domain.problems import Conflict

from .models import StoredFile


class NotClean(Conflict):
    """The user may have this file, but it is still being checked, or quarantined."""

    def __init__(self, file: StoredFile) -> None:
        super().__init__()
        self.file = file


def may_store(user: User) -> bool:
    """Active logins may store files of their own; the room above checks the dossier."""
    return user.is_active


def may_decide(user: User) -> bool:
    """Staff of dossiers decide about quarantined files; the room above checks which."""
    return user.has_right(Right.WORK_IN_DOSSIERS) and user.is_active


def may_open(file: StoredFile) -> bool:
    """Return True if the file was scanned and inspected; nobody opens any other file (R59)."""
    return file.is_clean
