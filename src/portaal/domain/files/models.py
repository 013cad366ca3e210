"""Files as they are kept: sealed bytes in the store, what is known of them here. A file has no address of its own."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models

from portaal.domain.keys.models import Vault
from portaal.gateways.blobs import blobs

from . import sealing


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def pending_of(self, user: models.Model, vault_id: UUID) -> StoredFileQuerySet:
        """What this login sent for this dossier and has not yet been used: nobody else can claim it."""
        return self.filter(owner_id=user.pk, vault_id=vault_id, claimed_at=None)

    def sent_by(self, user: models.Model, vault_id: UUID) -> StoredFileQuerySet:
        """What this login sent for this dossier, also what is in use by now: a form that comes twice names it twice."""
        return self.filter(owner_id=user.pk, vault_id=vault_id)


class StoredFile(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    vault = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=60)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    sealed_key = models.BinaryField()
    received_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["claimed_at", "received_at"], name="files_unclaimed")]

    def __str__(self) -> str:
        return self.name

    def chunks(self) -> Iterator[bytes]:
        """The plain bytes, in parts of 128 KiB. Raises keys.crypto.Tampered before the first wrong byte is given."""
        key = self.vault.unseal_key(self.sealed_key, self.id)
        return sealing.unsealed(blobs().open(self.id), key, self.id)
