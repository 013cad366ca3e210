"""Vaults: one key for each dossier. Destroying it makes everything sealed with it unreadable, also in old back-ups."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.utils.functional import cached_property

from portaal.gateways.keyring import keyring

from . import crypto


class VaultQuerySet(models.QuerySet["Vault"]):
    def make(self) -> Vault:
        """A new vault, its key wrapped by the current master key."""
        vault = Vault(id=uuid4())
        vault.wrap(crypto.new_key())
        vault.save(force_insert=True)
        return vault


class Vault(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    master = models.CharField(max_length=20)
    wrapped = models.BinaryField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    objects = VaultQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.pk)

    def wrap(self, key: bytes) -> None:
        ring = keyring()
        self.master = ring.current_master()
        self.wrapped = crypto.seal(ring.secret(self.master), key, self._context)
        self.__dict__.pop("_unwrapped", None)

    def key(self) -> bytes:
        """The vault's own key. Raises crypto.Tampered, also for a destroyed vault."""
        if self.wrapped is None:
            raise crypto.Tampered(f"vault {self.pk} was destroyed")
        return self._unwrapped

    @cached_property
    def _unwrapped(self) -> bytes:
        """Once for a row that was read: a page opens many texts of one dossier."""
        assert self.wrapped is not None
        try:
            master = keyring().secret(self.master)
        except KeyError as fault:
            raise crypto.Tampered(
                f"{self.master} of vault {self.pk} is not in the keyring"
            ) from fault
        return crypto.unseal(master, bytes(self.wrapped), self._context)

    def seal_key(self, key: bytes, about: UUID) -> bytes:
        """Wraps the key of one object, tied to this vault and that object."""
        return crypto.seal(self.key(), key, f"portaal1|{self.pk}|{about}")

    def unseal_key(self, sealed: bytes | Any, about: UUID) -> bytes:
        return crypto.unseal(self.key(), bytes(sealed), f"portaal1|{self.pk}|{about}")

    def seal_text(self, text: str, about: UUID) -> bytes:
        """Seals a text, tied to this vault and the row it stands in."""
        return crypto.seal(self.key(), text.encode(), f"portaal1|{self.pk}|text|{about}")

    def unseal_text(self, sealed: bytes | Any, about: UUID) -> str:
        """The text that was sealed. Raises crypto.Tampered."""
        return crypto.unseal(self.key(), bytes(sealed), f"portaal1|{self.pk}|text|{about}").decode()

    @property
    def _context(self) -> str:
        return f"portaal1|vault|{self.pk}"
