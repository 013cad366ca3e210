"""Record of refusals: a row and a line in the log, a bounded number of each in an hour."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import models
from django.utils import timezone

from portaal.domain.context import current_request

from .actors import SYSTEM, Actor
from .models import SecurityEvent
from .registry import SecurityEventType

log = logging.getLogger("portaal.security")

HOUR = timedelta(hours=1)
ROWS_MAX = 20  # of one kind, by one actor from one network, in an hour
KIND_ROWS_MAX = 200  # of one kind in an hour, whoever they are by


def record_security_event(
    kind: SecurityEventType, *, by: Actor, network: str = "", **details: str | int | bool | None
) -> SecurityEvent:
    """Add a row and a line in the log, or count the event with an earlier row.

    Beyond the numbers above, the last row of the same kind, actor and network counts the further
    ones, with a line each time that their number doubles. `details` hold ids and names of the
    source, never text that a person wrote. Call it outside a transaction that is rolled back.
    """
    event = SecurityEvent(
        kind=kind.name,
        actor_id=by.pk,
        network=network,
        request_id=current_request.get().id,
        details=details,
    )
    earlier = None if by is SYSTEM else _row_to_count_with(event)
    if earlier is None:
        event.save(force_insert=True)
        _log(event)
        return event
    same = SecurityEvent.objects.filter(pk=earlier.pk)
    same.update(times=models.F("times") + 1, last_at=timezone.now())
    event.times = same.values_list("times", flat=True)[0]
    if event.times & (event.times - 1) == 0:
        _log(event)
    return earlier


def _row_to_count_with(event: SecurityEvent) -> SecurityEvent | None:
    """Return the row of this hour to count the event with, or None if it gets its own.

    When the kind has all its rows, an event of another actor or network counts with the last one.
    """
    recent = SecurityEvent.objects.filter(kind=event.kind, at__gt=timezone.now() - HOUR)
    same = recent.filter(actor=event.actor_id, network=event.network)
    if same.count() >= ROWS_MAX:
        return same.latest("at", "pk")
    if recent.count() >= KIND_ROWS_MAX:
        return same.order_by("-at", "-pk").first() or recent.latest("at", "pk")
    return None


def _log(event: SecurityEvent) -> None:
    known = {"event": event.kind, "actor": str(event.actor_id or ""), "network": event.network}
    known |= event.details | ({"times": event.times} if event.times > 1 else {})
    fields = {name: value for name, value in known.items() if value not in ("", None)}
    text = " ".join(f"{name}={value}" for name, value in fields.items() if name != "network")
    log.warning("refused: %s", text, extra={"fields": fields})
