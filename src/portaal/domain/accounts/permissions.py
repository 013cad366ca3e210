"""Permissions for clients and logins."""

from __future__ import annotations

from .models import User


def may_manage_clients(user: User) -> bool:
    """Allow everyone of the office to add clients and to invite them."""
    return user.is_staff and user.is_active


def may_block_login(user: User, login: User) -> bool:
    """Allow the manager to block and unblock the login of a client, never their own."""
    return (
        user.role == User.Role.MANAGER
        and user.is_active
        and login.pk != user.pk
        and not login.is_staff
    )
