"""Objects that hold a file: a publication, an attachment.

The verbs `download`, `view`, `release` and `rescan` work for each of them. A room joins with a
class of its own, in its `holders.py`, that has the members of `FileHolder`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db import models

from portaal.domain.identity.models import User
from portaal.domain.journal.registry import EventType

from .models import StoredFile


@dataclass(frozen=True)
class FileEvents:
    """Events of one kind of holder, as its room declares them. `released` has a `reason`.

    `viewed` is None if no page shows the file inline.
    """

    downloaded: EventType
    released: EventType
    rescanned: EventType
    viewed: EventType | None = None


class FileHolder(Protocol):
    """An object with its file, and the knowledge of its room about it."""

    @property
    def events(self) -> FileEvents: ...

    @property
    def row(self) -> models.Model:
        """Return the object that the events are about."""

    @property
    def file(self) -> StoredFile: ...

    @property
    def dossier_id(self) -> UUID: ...

    def may_download(self, user: User) -> bool:
        """Return True if the user may open the file, once it is clean."""

    def may_release(self, user: User) -> bool: ...

    def may_rescan(self, user: User) -> bool: ...

    def mark_opened(self, user: User) -> None:
        """Note that the user opened the file, in the transaction that records the event."""
