"""The journal: append-only, hash-chained events, written in the transaction of the act."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import models

from portaal.gateways.keyring import FIRST_JOURNAL_KEY, keyring

FIRST_MAC = "0" * 64
FORMAT = 1  # of new events: the facts that `compute_mac` covers


class Event(models.Model):
    """One act. Holds ids and field names only; texts are looked up for display.

    `channel` is how the act came in, such as "page", and `assurance` how its login was proven, such
    as "password"; both are empty for an act of the portal itself. `key_id` is the name of the key
    of the MAC, `format` the version of the facts that it covers.
    Database triggers reject UPDATE and DELETE.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_kind = models.CharField(max_length=10)
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    dossier = models.UUIDField(null=True)
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, blank=True)
    channel = models.CharField(max_length=10, blank=True, db_default="", default="")
    assurance = models.CharField(max_length=10, blank=True, db_default="", default="")
    submission = models.UUIDField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    key_id = models.CharField(max_length=20)
    format = models.PositiveSmallIntegerField()
    previous = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "submission"], name="journal_once_per_submission"
            ),
        ]
        indexes = [
            models.Index(fields=["dossier", "-seq"], name="journal_of_dossier"),
            models.Index(fields=["object_kind", "object_id"], name="journal_of_object"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.object_id}"

    def compute_mac(self) -> str:
        """Return the MAC of this row: over the previous MAC and every field of this row.

        Raises KeyError for a key that is not in the keyring.
        """
        facts: dict[str, Any] = {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "actor": str(self.actor_id) if self.actor_id else None,
            "actor_kind": self.actor_kind,
            "verb": self.verb,
            "object": [self.object_kind, self.object_id],
            "dossier": str(self.dossier) if self.dossier else None,
            "details": self.details,
            "request": self.request_id,
            "channel": self.channel,
            "assurance": self.assurance,
            "submission": str(self.submission) if self.submission else None,
            "digest": self.digest,
            "key": self.key_id,
            "format": self.format,
        }
        canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hmac.new(
            keyring().secret(self.key_id), (self.previous + canonical).encode(), sha256
        ).hexdigest()


class Head(models.Model):
    """The last link of the chain: a single row, which every recording transaction locks.

    `key_id` is the name of the key of the next event.
    """

    seq = models.BigIntegerField(default=0)
    mac = models.CharField(max_length=64, default=FIRST_MAC)
    key_id = models.CharField(max_length=20, default=FIRST_JOURNAL_KEY)

    def __str__(self) -> str:
        return f"{self.seq} {self.mac[:8]}"


class SecurityEvent(models.Model):
    """A failed login, a forbidden act, an exceeded rate limit or a quarantined file.

    Created in its own transaction, because the refused act is rolled back. Of a flood, the last row
    counts the further ones: `times` in all, until `last_at`.
    """

    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    network = models.CharField(max_length=50, blank=True)
    request_id = models.CharField(max_length=32, blank=True)
    details = models.JSONField(default=dict)
    times = models.PositiveIntegerField(default=1, db_default=1)
    last_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at"], name="journal_security_event_at"),
            models.Index(fields=["kind", "-at"], name="journal_security_event_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"
