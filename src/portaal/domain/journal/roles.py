"""Roles of staff and their rights. A login may have several roles; their rights add up."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from django.db import models

from .actors import SYSTEM, Actor


class Role(models.TextChoices):
    HANDLER = "handler"
    SECRETARY = "secretary"
    ACCOUNT_MANAGER = "account_manager"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Right(Enum):
    WORK_IN_DOSSIERS = auto()  # those that are not confidential, and those assigned
    HANDLE_DOSSIERS = auto()  # be the handler that a client sees
    RELEASE_FILES = auto()  # that were quarantined
    READ_SENSITIVE_ANSWERS = auto()  # of questionnaires
    MANAGE_CLIENTS = auto()  # see, add and invite them
    MANAGE_LOGINS = auto()  # of clients: block and unblock them
    MANAGE_SETTINGS = auto()
    MANAGE_STAFF = auto()
    READ_JOURNAL = auto()


RIGHTS = {
    Role.HANDLER: {
        Right.WORK_IN_DOSSIERS,
        Right.HANDLE_DOSSIERS,
        Right.RELEASE_FILES,
        Right.READ_SENSITIVE_ANSWERS,
        Right.MANAGE_CLIENTS,
    },
    Role.SECRETARY: {Right.WORK_IN_DOSSIERS, Right.MANAGE_CLIENTS},
    Role.ACCOUNT_MANAGER: {Right.MANAGE_CLIENTS, Right.MANAGE_LOGINS},
    Role.ADMINISTRATOR: {Right.MANAGE_SETTINGS, Right.MANAGE_STAFF},
    Role.AUDITOR: {Right.READ_JOURNAL},
}


def give(roles: Iterable[str], right: Right) -> bool:
    """Return True if at least one of the roles has the right."""
    return not roles_with(right).isdisjoint(roles)


def has_right(by: Actor, right: Right) -> bool:
    """Return True for SYSTEM, and for an active login with a role that has the right."""
    return by is SYSTEM or (by.is_active and give(by.roles, right))


def roles_with(right: Right) -> frozenset[str]:
    return frozenset(role.value for role, rights in RIGHTS.items() if right in rights)
