"""Network of a request, which rate limits and security events are counted by."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def network(request: HttpRequest) -> str:
    """Return the network of the remote address, or of the one the last trusted proxy saw."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        seen = [part.strip() for part in forwarded if part.strip()]
        if len(seen) >= settings.TRUSTED_PROXIES:
            address = seen[-settings.TRUSTED_PROXIES]
    return network_of(address)


@lru_cache(maxsize=1024)  # every request needs it, and parsing is slow
def network_of(address: str) -> str:
    """Return the network of an address: /24 for IPv4, /64 for IPv6. Return '' if invalid."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    if ip.version == 6 and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ip_network(f"{ip}/{24 if ip.version == 4 else 64}", strict=False))
