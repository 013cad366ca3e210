"""Permissions for logins and their passwords."""

from __future__ import annotations

from collections.abc import Callable

from portaal.domain.journal.actors import SYSTEM, Actor
from portaal.domain.journal.roles import Right, has_right

from .models import Session, User

_REASONS: list[Callable[[User], bool]] = []


def reason_to_log_in(question: Callable[[User], bool]) -> Callable[[User], bool]:
    """Register a question of a room above: does the login of a client still have a purpose?"""
    _REASONS.append(question)
    return question


def may_manage_staff(by: Actor) -> bool:
    """Allow administrators to add logins of the office."""
    return has_right(by, Right.MANAGE_STAFF)


def may_set_roles(by: Actor, user: User) -> bool:
    """Allow administrators to set the roles of a colleague, not their own."""
    return user.is_staff and by.pk != user.pk and may_manage_staff(by)


def may_block_login(by: Actor, login: User) -> bool:
    """Allow account managers to block the login of a client, and SYSTEM any login."""
    return by is SYSTEM or (has_right(by, Right.MANAGE_LOGINS) and not login.is_staff)


def may_request_password_link(by: Actor) -> bool:
    """Allow every visitor, also without a password; not a blocked login."""
    return by.pk is None or by.is_active


def may_get_password_link(user: User) -> bool:
    """Allow staff, and the login of a client that some room has a reason for."""
    return user.is_active and (user.is_staff or any(reason(user) for reason in _REASONS))


def may_issue_password_link(by: Actor) -> bool:
    """Allow the worker and the command line only: the token goes to the stored address."""
    return by is SYSTEM


def may_start_session(by: Actor, user: User) -> bool:
    """A login that is not blocked may start a session of its own."""
    return by.is_active and by.pk == user.pk


def may_end_session(by: Actor, session: Session) -> bool:
    """A login may end its own sessions, also when it was blocked meanwhile."""
    return by.pk is not None and by.pk == session.user_id
