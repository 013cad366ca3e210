"""Events of clients and of their logins."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portaal.domain.journal.registry import EventType

from .models import Client, Invitation, Membership

CLIENT_ADDED = EventType("clients.add_client", Client)
LOGIN_ADDED = EventType("clients.add_login", Membership)
INVITED = EventType("clients.invite", Invitation, mail=_("Invitation"))
