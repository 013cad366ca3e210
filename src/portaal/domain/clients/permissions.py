"""Permissions for clients."""

from __future__ import annotations

from portaal.domain.identity.models import User
from portaal.domain.identity.permissions import reason_to_log_in
from portaal.domain.journal.actors import Actor
from portaal.domain.journal.roles import Right, has_right

from .models import Membership


def may_manage_clients(by: Actor) -> bool:
    """Allow handlers, secretaries and account managers to add clients and to invite them."""
    return has_right(by, Right.MANAGE_CLIENTS)


@reason_to_log_in
def acts_for_client(user: User) -> bool:
    """Return True if an active login has a membership that has not ended."""
    return Membership.objects.of(user).exists()
