"""Security events of requests."""

from __future__ import annotations

from portaal.domain.journal.registry import SecurityEventType

FORBIDDEN = SecurityEventType("faces.forbidden")
FORM_REFUSED = SecurityEventType("faces.form_refused")
