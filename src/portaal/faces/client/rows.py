"""Rows of the client's pages, as their queries return them and their templates show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Progress
from portaal.domain.messaging.models import Message
from portaal.domain.office.models import Status

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Found(TypedDict):
    """A dossier as the list reads it, with the key of its status."""

    pk: UUID
    number: str
    description: str
    status: int


@dataclass(frozen=True)
class DossierRow:
    """A dossier of the list, with the number of unread documents and messages."""

    pk: UUID
    number: str
    description: str
    status: Status
    progress: Progress
    unread: int


@dataclass(frozen=True)
class Tab:
    """A tab of a dossier with its total and unread counts."""

    slug: str
    label: StrPromise
    url: str
    total: int
    unread: int


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
