"""Events of clients and logins."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portaal.domain.journal.registry import EventType, SecurityEventType

from .models import Client, Invitation, LinkRequest, Membership, User

CLIENT_ADDED = EventType("accounts.add_client", Client)
STAFF_ADDED = EventType("accounts.add_staff", User, fields=("roles",))
ROLES_SET = EventType("accounts.set_roles", User, fields=("roles",))
LOGIN_ADDED = EventType("accounts.add_login", Membership)
INVITED = EventType("accounts.invite", Invitation, mail=_("Invitation"))
PASSWORD_LINK_REQUESTED = EventType(
    "accounts.request_password_link", LinkRequest, mail=_("Link to set a password")
)
PASSWORD_LINK_ISSUED = EventType("accounts.issue_password_link", User, fields=("purpose",))
PASSWORD_SET = EventType("accounts.set_password", User, mail=_("Confirmation of a new password"))
LOGGED_IN = EventType("accounts.log_in", User, fields=("face",))
LOGGED_OUT = EventType("accounts.log_out", User, fields=("face",))
LANGUAGE_CHOSEN = EventType("accounts.choose_language", User, fields=("language",))
BLOCKED = EventType("accounts.block", User)
UNBLOCKED = EventType("accounts.unblock", User)

LOGIN_REFUSED = SecurityEventType("accounts.log_in")
TOO_MANY_LOGINS = SecurityEventType("accounts.log_in.too_many")
TOO_MANY_LINK_REQUESTS = SecurityEventType("accounts.request_password_link.too_many")
