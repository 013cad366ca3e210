"""Context of the office's pages: the numbers in the rail."""

from __future__ import annotations

from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portaal.domain.identity.models import User
from portaal.domain.journal.roles import Right, Role
from portaal.domain.messaging.models import Message
from portaal.domain.notifications import undelivered
from portaal.faces.shared.sessions import UserRequest
from portaal.speed.queries import counted, prepared

ROLES = {
    Role.HANDLER: _("handler"),
    Role.SECRETARY: _("secretary"),
    Role.ACCOUNT_MANAGER: _("account manager"),
    Role.ADMINISTRATOR: _("administrator"),
    Role.AUDITOR: _("auditor"),
}


def rail(request: UserRequest) -> dict[str, object]:
    """Return the rail's numbers; a page without a rail costs no query."""
    return {"rail": Rail(request)}


class Rail:
    """Numbers beside the entries of the office's menu."""

    def __init__(self, request: UserRequest) -> None:
        self.request = request

    def may(self, right: str) -> bool:
        """Return True if the user's roles give this right, named as in `Right`."""
        return self.request.user.has_right(Right[right])

    @property
    def roles(self) -> str:
        return ", ".join(str(ROLES[role]) for role in Role if role in self.request.user.roles)

    @cached_property
    def pending(self) -> int:
        """Return the number of clients' messages that this handler has not opened."""
        return _pending.first(self.request.user) or 0

    @cached_property
    def undelivered(self) -> int:
        """Return the number of e-mails that became dead letters; 0 for who may not see them."""
        return undelivered.count() if self.may("MANAGE_CLIENTS") else 0


@prepared
def _pending(user: User) -> QuerySet[Message, int]:
    return counted(Message.objects.pending_for(user))
