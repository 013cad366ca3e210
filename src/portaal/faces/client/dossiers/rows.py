"""Rows of the dossiers' pages, as their queries return them and their templates show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from portaal.domain.dossiers.models import Progress
from portaal.domain.office.models import Status

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


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
