"""Context of the office's pages: the numbers in the rail."""

from __future__ import annotations

from functools import cached_property

from portaal.domain.messaging.models import Message
from portaal.domain.notifications import undelivered
from portaal.web.sessions import UserRequest


def rail(request: UserRequest) -> dict[str, object]:
    """Return the rail's numbers; a page without a rail costs no query."""
    return {"rail": Rail(request)}


class Rail:
    """Numbers beside the entries of the office's menu."""

    def __init__(self, request: UserRequest) -> None:
        self.request = request

    @cached_property
    def pending(self) -> int:
        """Return the number of clients' messages that this handler has not opened."""
        return Message.objects.pending_for(self.request.user).count()

    @cached_property
    def undelivered(self) -> int:
        """Return the number of e-mails that became dead letters."""
        return undelivered.count()
