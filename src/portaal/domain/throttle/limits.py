"""Rate limits, counted in the database.

Each attempt is counted in its own transaction, before the work is done.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from portaal.domain.problems import LimitReached

from .models import RateCounter, lookup_key

MINUTE, HOUR, DAY = 60, 3600, 86400

# For each action and scope: (attempts, seconds). "key" is an address, a login or a token, "network"
# the network of the request, "all" everybody together.
LIMITS: dict[str, dict[str, list[tuple[int, int]]]] = {
    "login": {
        "key": [(5, 5 * MINUTE), (20, HOUR), (50, DAY)],
        "network": [(20, 5 * MINUTE), (200, HOUR)],
        "all": [],
    },
    "password-link": {
        "key": [(3, HOUR), (10, DAY)],
        "network": [(20, HOUR)],
        "all": [(300, HOUR)],
    },
    "token": {  # wrong password links
        "key": [],
        "network": [(30, HOUR)],
        "all": [],
    },
    "upload": {"key": [(100, HOUR)], "network": [], "all": []},
    "csp-report": {"key": [], "network": [(30, MINUTE)], "all": []},
}


class RateLimited(LimitReached):
    """A rate limit is exceeded."""


def hit(action: str, *, key: str = "", network: str = "") -> None:
    """Count one attempt. Raises RateLimited if a limit is exceeded.

    The limit that refuses an attempt does not count it, nor do the limits after it: a network over
    its limit adds no counters, and uses up nothing of an address.
    """
    for counter_key, attempts, seconds in _windows(action, key, network):
        now = timezone.now()
        until = _window_end(now, seconds)
        counter, _ = RateCounter.objects.get_or_create(key=counter_key, until=until)
        below = RateCounter.objects.filter(pk=counter.pk, count__lt=attempts)
        if not below.update(count=F("count") + 1):
            raise RateLimited(retry_after=int((until - now).total_seconds()) + 1)


def forgive(action: str, *, key: str = "", network: str = "") -> None:
    """After a successful attempt: clear the counters of the key, subtract one of the network."""
    for counter_key, _, seconds in _windows(action, key, ""):
        until = _window_end(timezone.now(), seconds)
        # Not deleted: an attempt at the same moment would miss its row, and be refused.
        RateCounter.objects.filter(key=counter_key, until=until).update(count=0)
    take_back(action, network=network)


def take_back(action: str, *, key: str = "", network: str = "") -> None:
    """Subtract an attempt that was counted, because its work was not done."""
    for counter_key, _, seconds in _windows(action, key, network):
        until = _window_end(timezone.now(), seconds)
        current = RateCounter.objects.filter(key=counter_key, until=until, count__gt=0)
        current.update(count=F("count") - 1)


def delete_expired() -> int:
    """Delete counters of windows that ended over an hour ago. Return their number."""
    return RateCounter.objects.filter(until__lt=timezone.now() - timedelta(hours=1)).delete()[0]


def _windows(action: str, key: str, network: str) -> list[tuple[str, int, int]]:
    limits = LIMITS[action]
    scopes = [("network", network), ("key", key)] + ([("all", "all")] if key and network else [])
    return [
        (lookup_key(action, scope, value, str(seconds)), attempts, seconds)
        for scope, value in scopes
        if value
        for attempts, seconds in limits[scope]
    ]


def _window_end(now: datetime, seconds: int) -> datetime:
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, tz=UTC)
