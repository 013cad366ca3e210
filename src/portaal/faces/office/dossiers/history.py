"""History of a dossier in words."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TypedDict

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portaal.domain.dossiers.models import Dossier
from portaal.domain.identity.models import User
from portaal.domain.journal.models import Event
from portaal.domain.journal.registry import EVENT_TYPES, titles
from portaal.domain.keys.models import OldAndNew, values_of
from portaal.speed.queries import prepared
from portaal.ui.filters import moment

HISTORY_MAX = 12


class HistoryRow(TypedDict):
    """An event in words, with the short name of its actor."""

    at: datetime
    who: str
    text: str


def history_of(dossier: Dossier, *, most: int = HISTORY_MAX) -> list[HistoryRow]:
    """Return the last events of a dossier, newest first. Names cost one query for each kind."""
    events = _events(dossier, most)
    ids: dict[str, list[str]] = defaultdict(list)
    for event in events:
        ids[event.object_kind].append(event.object_id)
    changes = values_of(events)
    title_of = {kind: titles(kind, ids[kind]) for kind in ids}
    return [
        {
            "at": event.at,
            "who": _name(event.actor),
            "text": _with_values(
                _text(event, title_of[event.object_kind].get(event.object_id, "")),
                changes.get(event.seq, {}),
            ),
        }
        for event in events
    ]


@prepared
def _events(dossier: Dossier, most: int) -> QuerySet[Event]:
    """Return the last events that have words in a history."""
    wordless = [event_type.name for event_type in EVENT_TYPES.values() if not event_type.words]
    shown = Event.objects.filter(dossier=dossier.pk).exclude(verb__in=wordless)
    return shown.select_related("actor").order_by("-seq")[:most]


def _name(actor: User | None) -> str:
    return actor.short_name if actor else _("The portal")


def _text(event: Event, title: str) -> str:
    """Return the words of an event; its name if no room declares it any more."""
    event_type = EVENT_TYPES.get(event.verb)
    return str(event_type.words) % {"title": title} if event_type else event.verb


def _with_values(text: str, values: dict[str, OldAndNew]) -> str:
    """Add the old and new values of a correction to its words."""
    for old, new in values.values():
        words = {"text": text, "old": _value(old), "new": _value(new)}
        text = _("%(text)s: from %(old)s to %(new)s") % words
    return text


def _value(value: object) -> str:
    if value is None:
        return _("none")
    return moment(value) if isinstance(value, datetime) else str(value)
