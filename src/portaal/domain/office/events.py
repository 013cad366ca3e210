"""Events of the office's settings and lists."""

from __future__ import annotations

from portaal.domain.journal.registry import EventType

from .models import DossierType, Office, Status

OFFICE_SET_UP = EventType("office.set_up", Office, fields=("fields",))
LOGO_CHANGED = EventType("office.change_logo", Office)
STATUS_ADDED = EventType("office.add_status", Status)
TYPE_ADDED = EventType("office.add_type", DossierType)
