"""Rows of the client's card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portaal.domain.clients.models import Membership
from portaal.domain.identity.models import User
from portaal.domain.identity.permissions import may_block_login


@dataclass(frozen=True)
class LoginRow:
    """A login of a client, with its last invitation and the permission to block it."""

    membership: Membership
    invited_at: datetime | None
    invitation_sent_at: datetime | None
    may_block: bool

    @classmethod
    def of(cls, membership: Membership, user: User) -> LoginRow:
        """Return the row that `user` sees. Needs the login and invitations of the membership."""
        invitations = membership.invitations.all()
        return cls(
            membership,
            max((each.invited_at for each in invitations), default=None),
            max((each.sent_at for each in invitations if each.sent_at), default=None),
            may_block_login(user, membership.user),
        )

    @property
    def is_registered(self) -> bool:
        """Return True if the client can log in with it."""
        return self.membership.ended_at is None and bool(self.membership.user.password_set_at)
