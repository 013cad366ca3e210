"""Limits on trying (security.md E7): counted in the database, in a transaction of their own, before the work is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db.models import F
from django.utils import timezone

from .models import Tally, lookup_key

MINUTE, HOUR, DAY = 60, 3600, 86400

# What may be tried how often: (times, seconds), for the key (an address, a token), for the network, for all together.
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
    "token": {  # links that were wrong
        "key": [],
        "network": [(30, HOUR)],
        "all": [],
    },
    "upload": {"key": [(100, HOUR)], "network": [], "all": []},
    "csp-report": {"key": [], "network": [(30, MINUTE)], "all": []},
}


class TooMany(Exception):
    """Tried too often. `seconds` says after how long it makes sense to try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"try again after {seconds} s")
        self.seconds = seconds


def spend(what: str, *, key: str = "", network: str = "") -> None:
    """Counts one try. Raises TooMany when one of the limits is passed; that try is counted too."""
    wait = 0
    for tally_key, times, seconds in _windows(what, key, network):
        now = timezone.now()
        until = _end(now, seconds)
        tally, _ = Tally.objects.get_or_create(key=tally_key, until=until)
        Tally.objects.filter(pk=tally.pk).update(count=F("count") + 1)
        if Tally.objects.values_list("count", flat=True).get(pk=tally.pk) > times:
            wait = max(wait, int((until - now).total_seconds()) + 1)
    if wait:
        raise TooMany(wait)


def give_back(what: str, *, key: str = "", network: str = "") -> None:
    """The try was a right one: clears the key's count and takes one off the network's."""
    for tally_key, _, seconds in _windows(what, key, ""):
        Tally.objects.filter(key=tally_key, until=_end(timezone.now(), seconds)).delete()
    for tally_key, _, seconds in _windows(what, "", network):
        current = Tally.objects.filter(
            key=tally_key, until=_end(timezone.now(), seconds), count__gt=0
        )
        current.update(count=F("count") - 1)


def forget_old() -> int:
    """Removes counts whose window is over; returns how many."""
    return Tally.objects.filter(until__lt=timezone.now() - timedelta(hours=1)).delete()[0]


def network_of(address: str) -> str:
    """The /24 or /64 that an address lies in; '' for none."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    if ip.version == 6 and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ip_network(f"{ip}/{24 if ip.version == 4 else 64}", strict=False))


def _windows(what: str, key: str, network: str) -> list[tuple[str, int, int]]:
    limits = LIMITS[what]
    scopes = [("key", key), ("network", network)] + ([("all", "all")] if key and network else [])
    return [
        (lookup_key(what, scope, value, str(seconds)), times, seconds)
        for scope, value in scopes
        if value
        for times, seconds in limits[scope]
    ]


def _end(now: datetime, seconds: int) -> datetime:
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, tz=UTC)
