"""Events of logins."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portaal.domain.journal.registry import EventType, SecurityEventType

from .models import LinkRequest, User

STAFF_ADDED = EventType("identity.add_staff", User, fields=("roles",))
ROLES_SET = EventType("identity.set_roles", User, fields=("roles",))
PASSWORD_LINK_REQUESTED = EventType(
    "identity.request_password_link", LinkRequest, mail=_("Link to set a password")
)
PASSWORD_LINK_ISSUED = EventType("identity.issue_password_link", User, fields=("purpose",))
PASSWORD_SET = EventType("identity.set_password", User, mail=_("Confirmation of a new password"))
LOGGED_IN = EventType("identity.log_in", User, fields=("face", "assurance"))
LOGGED_OUT = EventType("identity.log_out", User, fields=("face",))
LANGUAGE_CHOSEN = EventType("identity.choose_language", User, fields=("language",))
BLOCKED = EventType("identity.block", User)
UNBLOCKED = EventType("identity.unblock", User)

LOGIN_REFUSED = SecurityEventType("identity.log_in")
TOO_MANY_LOGINS = SecurityEventType("identity.log_in.too_many")
TOO_MANY_LINK_REQUESTS = SecurityEventType("identity.request_password_link.too_many")
