"""Event of the journal itself."""

from __future__ import annotations

from .models import Head
from .registry import EventType

KEY_ROTATED = EventType("journal.rotate", Head, fields=("key",))
