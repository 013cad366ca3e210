"""Rows of the home page, as its queries return them and its template shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from portaal.domain.documents.models import Publication
from portaal.domain.messaging.models import Message

if TYPE_CHECKING:
    pass


class NewDocument(TypedDict):
    """An unread publication; `total` counts all that are unread."""

    pk: UUID
    dossier: UUID
    tab: str
    title: str
    at: datetime
    of_dossier: str
    total: int


class NewMessage(TypedDict):
    """An unread message; `total` counts all that are unread."""

    pk: UUID
    at: datetime
    total: int


@dataclass(frozen=True)
class NewItem:
    """A line of "what is new": a message, or a document with its tab."""

    at: datetime
    message: Message | None = None
    document: NewDocument | None = None
    tab: Publication.Tab | None = None
