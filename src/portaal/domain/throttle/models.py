"""Counters of attempts, for the rate limits."""

from __future__ import annotations

import hmac
from hashlib import sha256

from django.db import models

from portaal.gateways.keyring import keyring


class RateCounter(models.Model):
    """The number of attempts in one time window. The key is an HMAC of the address or network."""

    key = models.CharField(max_length=64)
    until = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "until"], name="throttle_one_counter")
        ]
        indexes = [models.Index(fields=["until"], name="throttle_until")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"


def lookup_key(*parts: str) -> str:
    """Return an HMAC to look up a value that must not be in the database, such as an address."""
    return hmac.new(
        keyring().secret("lookup"), "\0".join(parts).encode("utf-8", "replace"), sha256
    ).hexdigest()
