"""Security events of requests."""

from __future__ import annotations

from portaal.domain.journal.registry import SecurityEventType

FORBIDDEN = SecurityEventType("faces.forbidden")
NOT_FOUND = SecurityEventType("faces.not_found")
FORM_REFUSED = SecurityEventType("faces.form_refused")
