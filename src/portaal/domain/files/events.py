"""Events of stored files."""

from __future__ import annotations

from portaal.domain.journal.registry import EventType, SecurityEventType

from .models import StoredFile

# Has no words: the message or publication with the file has a line in the history.
FILE_STORED = EventType("files.store_file", StoredFile, fields=("digest",))

FILE_QUARANTINED = SecurityEventType("files.quarantine")
