"""Registry of the events; each room declares its own in `events.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import models
from django.utils.functional import Promise

T = TypeVar("T", "EventType", "SecurityEventType")
TitlesOf = Callable[[Sequence[str]], dict[str, str]]

EVENT_TYPES: dict[str, EventType] = {}
SECURITY_EVENT_TYPES: dict[str, SecurityEventType] = {}
_TITLES: dict[str, TitlesOf] = {}


@dataclass(frozen=True, eq=False)
class EventType:
    """A kind of event, declared once by the room whose verb records it.

    `name` is stored in the chain of the journal, so it can never change. `about` is the model of
    the event's object, `fields` are the details that `record` must get. `words` describe the event
    in the history of a dossier, where %(title)s is the object's title; an event without words has
    no line there. `changes` are the fields whose old and new values are kept, sealed, beside the
    event. `mail` is the name of the e-mail that the event causes. Raises ValueError for a name that
    is declared already.
    """

    name: str
    about: type[models.Model]
    words: str | Promise = ""
    fields: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    mail: str | Promise = ""

    def __post_init__(self) -> None:
        _register(EVENT_TYPES, self)


@dataclass(frozen=True, eq=False)
class SecurityEventType:
    """A kind of security event. Raises ValueError for a name that is declared already."""

    name: str

    def __post_init__(self) -> None:
        _register(SECURITY_EVENT_TYPES, self)


def titles_of(model: type[models.Model]) -> Callable[[TitlesOf], TitlesOf]:
    """Register the function that returns titles of objects of `model`, by their ids as text."""

    def register(function: TitlesOf) -> TitlesOf:
        _TITLES[model._meta.label_lower] = function
        return function

    return register


def titles(object_kind: str, ids: Sequence[str]) -> dict[str, str]:
    """Return the titles of objects that still exist, by id; none for a kind without titles."""
    lookup = _TITLES.get(object_kind)
    return lookup(sorted(set(ids))) if lookup else {}


def _register(known: dict[str, T], declared: T) -> None:
    if declared.name in known:
        raise ValueError(f"{declared.name} is declared twice")
    known[declared.name] = declared
