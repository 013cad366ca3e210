"""Vaults: one key for each dossier and each client; and corrections sealed with them.

If a key is destroyed, the data sealed with it cannot be read again, not even from a backup.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.functional import cached_property

from portaal.domain.journal.models import Event
from portaal.domain.journal.registry import EVENT_TYPES
from portaal.gateways.keyring import keyring

from . import crypto

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class VaultQuerySet(models.QuerySet["Vault"]):
    def make(self) -> Vault:
        """Create a vault with a new key, wrapped with the current master key."""
        vault = Vault(id=uuid4())
        vault.wrap(crypto.new_key())
        vault.save(force_insert=True)
        return vault


class Vault(models.Model):
    """The key of one dossier or client, wrapped with a master key.

    `wrapped` is None once destroyed.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    master = models.CharField(max_length=20)
    wrapped = models.BinaryField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    objects = VaultQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.pk)

    def wrap(self, key: bytes) -> None:
        """Wrap `key` with the current master key. Does not save the row."""
        ring = keyring()
        self.master = ring.current_master()
        self.wrapped = crypto.seal(ring.secret(self.master), key, self._context)
        self.__dict__.pop("_unwrapped", None)

    def key(self) -> bytes:
        """Return the key of the vault. Raises crypto.Tampered, also for a destroyed vault."""
        if self.wrapped is None:
            raise crypto.Tampered(f"vault {self.pk} was destroyed")
        return self._unwrapped

    @cached_property
    def _unwrapped(self) -> bytes:
        """Unwrap the key once per instance: a page decrypts many texts of one dossier."""
        assert self.wrapped is not None
        context = self._context
        try:
            master = keyring().secret(self.master)
        except KeyError as error:
            raise crypto.Tampered(
                f"{self.master} of vault {self.pk} is not in the keyring"
            ) from error
        return crypto.unseal(master, bytes(self.wrapped), context)

    def seal_key(self, key: bytes, object_id: UUID) -> bytes:
        """Wrap the key of one object. Only the same vault and object can unwrap it."""
        return crypto.seal(self.key(), key, f"portaal1|{self.pk}|{object_id}")

    def unseal_key(self, sealed: bytes | Any, object_id: UUID) -> bytes:
        """Unwrap the key of one object. Raises crypto.Tampered."""
        return crypto.unseal(self.key(), bytes(sealed), f"portaal1|{self.pk}|{object_id}")

    def seal_text(self, text: str, object_id: UUID | str) -> bytes:
        """Encrypt a text. Only the same vault and row can decrypt it."""
        return crypto.seal(self.key(), text.encode(), f"portaal1|{self.pk}|text|{object_id}")

    def unseal_text(self, sealed: bytes | Any, object_id: UUID | str) -> str:
        """Decrypt a text. Raises crypto.Tampered."""
        return crypto.unseal(
            self.key(), bytes(sealed), f"portaal1|{self.pk}|text|{object_id}"
        ).decode()

    def digest_key(self) -> bytes:
        """Return the key of digests of erasable data, derived from the key of the vault.

        Raises crypto.Tampered, also for a destroyed vault.
        """
        return hmac.digest(self.key(), f"portaal1|{self.pk}|digest".encode(), "sha256")

    def digest(self, sha256: str) -> str:
        """Return a keyed digest for the journal, from the SHA-256 of a file.

        A bare SHA-256 would prove that an erased file was here. This one proves nothing once the
        vault is destroyed. Raises crypto.Tampered.
        """
        return hmac.digest(self.digest_key(), sha256.encode(), "sha256").hex()

    @property
    def _context(self) -> str:
        return f"portaal1|vault|{self.pk}"

    if TYPE_CHECKING:
        changes: RelatedManager[Change]


OldAndNew = tuple[Any, Any]


class ChangeQuerySet(models.QuerySet["Change"]):
    def add(self, event: Event, vault: Vault, **values: OldAndNew) -> Change:
        """Seal the old and new values of a correction with the vault of its dossier or client.

        Raises TypeError unless the fields are those that the event's declaration names.
        """
        if values.keys() != set(EVENT_TYPES[event.verb].changes):
            raise TypeError(f"{event.verb} changes other fields than {tuple(values)}")
        text = json.dumps(values, cls=DjangoJSONEncoder)
        change = Change(event=event, vault=vault)
        change.sealed = vault.seal_text(text, change.context)
        change.save(force_insert=True)
        return change


class Change(models.Model):
    """The old and new values of a correction, beside its event.

    Sealed with a vault, and deleted with its key: the event itself stays and holds no values.
    """

    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.PROTECT, related_name="change"
    )
    vault = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="changes")
    sealed = models.BinaryField()

    objects = ChangeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"change of event {self.event_id}"

    @property
    def values(self) -> dict[str, OldAndNew]:
        """Return the old and new value of each field. Raises crypto.Tampered."""
        columns = {each.name: each for each in EVENT_TYPES[self.event.verb].about._meta.fields}
        stored = json.loads(self.vault.unseal_text(self.sealed, self.context))
        return {
            field: (columns[field].to_python(old), columns[field].to_python(new))
            for field, (old, new) in stored.items()
        }

    @property
    def context(self) -> str:
        return f"change|{self.event_id}"

    if TYPE_CHECKING:
        event_id: int


def values_of(events: Iterable[Event]) -> dict[int, dict[str, OldAndNew]]:
    """Return the old and new values of corrections that were not erased, by event and field.

    Costs no query if none of the events can have any, and two otherwise.
    """
    correcting = [
        event for event in events if (kind := EVENT_TYPES.get(event.verb)) and kind.changes
    ]
    changes = Change.objects.filter(event__in=correcting, vault__destroyed_at=None)
    return {
        change.event_id: change.values
        for change in changes.select_related("event").prefetch_related("vault")
    }
