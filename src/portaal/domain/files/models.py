"""Stored files and uploads under way: encrypted bytes in the store, metadata here.

A file has no URL of its own. An upload is a file that is still arriving; each part of it is an
encrypted blob of its own until the last part is stored.
"""

from __future__ import annotations

import hmac
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portaal.domain.keys.models import Vault
from portaal.domain.visible import Visible
from portaal.gateways.blobs import blobs

from .kinds import BY_TYPE, SHOWN, Kind
from .sealing import decrypted_chunks
from .seeking import open_decrypted

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def unclaimed_by(self, user: models.Model, vault_id: UUID) -> StoredFileQuerySet:
        """Return this login's files for this dossier that are not claimed yet.

        No other login can claim them.
        """
        return self.filter(owner_id=user.pk, vault_id=vault_id, claimed_at=None, original=None)

    def uploaded_by(self, user: models.Model, vault_id: UUID) -> StoredFileQuerySet:
        """Return this login's files for this dossier, claimed ones included.

        A form that is sent twice names its files twice; the second time they are claimed.
        """
        return self.filter(owner_id=user.pk, vault_id=vault_id)

    def waiting(self) -> StoredFileQuerySet:
        return self.filter(state=StoredFile.State.WAITING)

    def without_copy(self) -> StoredFileQuerySet:
        """Return clean files for which no readable copy was made and none has failed."""
        return self.filter(state=StoredFile.State.CLEAN, copy=None, copy_failed_at=None)


class StoredFile(models.Model):
    """One encrypted file.

    Nobody can open it before it is clean: scanned and inspected, or released by the office.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        CLEAN = "clean"
        QUARANTINED = "quarantined"

    class Reason(models.TextChoices):
        """Why a file is quarantined; the labels are shown to the office."""

        FOUND = "found", _("The virus scanner found something in it.")
        UNCHECKED = "unchecked", _("It could not be checked: the virus scanner did not answer.")
        MACROS = "macros", _("It holds macros: a program that starts with the document.")
        MIXED = "mixed", _("It is two kinds of file in one.")
        UNLIKE = "unlike", _("What is inside is not what its name says.")
        TOO_MUCH = "too_much", _("It unpacks to more than a document needs.")
        DAMAGED = "damaged", _("It is damaged, so that we could not look inside.")
        ENCRYPTED = (
            "encrypted",
            _("It is locked with a password, so that we could not look inside."),
        )
        ACTIVE = "active", _("It holds a script, or starts something when it is opened.")
        ENCLOSED = "enclosed", _("It has another file inside.")
        OUTSIDE = "outside", _("It fetches something from elsewhere when it is opened.")

    # Reasons that a handler may override: unreadable or possibly harmless. Never a scanner hit.
    RELEASABLE = (Reason.DAMAGED, Reason.ENCRYPTED, Reason.ACTIVE, Reason.ENCLOSED, Reason.OUTSIDE)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    vault = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    sealed_key = models.BinaryField()
    has_gps = models.BooleanField(default=False)  # the EXIF of the photo has a GPS position
    received_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=11, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=9, choices=Reason, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    original = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="copy"
    )
    copy_failed_at = models.DateTimeField(null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["claimed_at", "received_at"], name="files_unclaimed")]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> Kind:
        return BY_TYPE[self.content_type]

    @property
    def is_photo(self) -> bool:
        return self.kind.is_photo

    @property
    def is_clean(self) -> bool:
        return self.state == self.State.CLEAN

    @property
    def readable(self) -> StoredFile:
        """The JPEG copy if it exists, otherwise the file itself."""
        return getattr(self, "copy", self)

    @property
    def can_be_shown(self) -> bool:
        """Return True if browsers can show the file, or the copy made of it."""
        return self.readable.content_type in SHOWN

    @property
    def can_be_released(self) -> bool:
        """Return True if the file is quarantined for a reason that a handler may override."""
        return self.state == self.State.QUARANTINED and self.reason in self.RELEASABLE

    def chunks(self) -> Generator[bytes]:
        """Return the decrypted bytes, in chunks of at most `sealing.CHUNK_BYTES`.

        The first chunk is decrypted at once. Raises keys.crypto.Tampered before the first changed
        byte is yielded, FileNotFoundError if the blob is missing, StoreUnavailable if the store
        does not answer.
        """
        key = self.vault.unseal_key(self.sealed_key, self.id)
        return decrypted_chunks(blobs().open(self.id), key, self.id)

    def opened(self) -> OpenedFile:
        """Open the file with its first chunk decrypted. Raises the errors of `chunks`."""
        return OpenedFile(self, self.chunks())

    def open(self) -> BinaryIO:
        """Open the decrypted bytes as a seekable file that holds one segment in memory.

        Raises the same errors as `chunks`.
        """
        key = self.vault.unseal_key(self.sealed_key, self.id)
        return open_decrypted(lambda: blobs().open(self.id), key, self.id, self.size)


@dataclass(frozen=True)
class OpenedFile:
    """A file of which the first chunk is decrypted; `chunks` yields it and the rest once."""

    file: StoredFile
    chunks: Generator[bytes]

    def close(self) -> None:
        self.chunks.close()


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: models.Model) -> VisibleUploads:
        """Return the uploads of this login; an upload is visible to its owner only."""
        return VisibleUploads.among(self.filter(owner_id=user.pk))

    def open(self) -> UploadQuerySet:
        """Return uploads that are neither finished nor abandoned."""
        return self.filter(closed_at=None)


class VisibleUploads(UploadQuerySet, Visible["Upload"]):
    """Uploads of one login."""


class Upload(models.Model):
    """A file that arrives in parts.

    When it is finished a StoredFile has the same id. The row stays for a day, because the limit
    of bytes a day counts it. `offset` is the number of bytes that are encrypted and durable.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    vault = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="+")
    dossier = models.UUIDField()
    name = models.CharField(max_length=200)
    length = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    # Of the whole file: two requests that finish it at once encrypt it to the same bytes.
    sealed_key = models.BinaryField()
    last_start = models.BigIntegerField(default=0)
    # Tells a part that is sent again from a different one.
    last_sha256 = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "begun_at"], name="files_uploads_of"),
            models.Index(fields=["begun_at"], name="files_uploads_old"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_complete(self) -> bool:
        return self.offset == self.length

    @cached_property
    def key(self) -> bytes:
        """Return the key of the whole file. Raises keys.crypto.Tampered."""
        return self.vault.unseal_key(self.sealed_key, self.id)

    def part_key(self, part_id: UUID) -> bytes:
        """Return the key of one part, derived from the key of the file."""
        return hmac.digest(self.key, f"portaal1|part|{part_id}".encode(), "sha256")

    def chunks(self) -> Iterator[bytes]:
        """Yield the decrypted bytes of all parts, in order.

        Raises keys.crypto.Tampered, or FileNotFoundError if a blob is missing.
        """
        for part in self.parts.order_by("start"):
            yield from part.chunks()

    if TYPE_CHECKING:
        parts: RelatedManager[UploadPart]


class UploadPart(models.Model):
    """The bytes of one PATCH request; its encrypted blob has the same id."""

    id = models.UUIDField(primary_key=True, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    start = models.BigIntegerField()
    size = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="files_one_part")]

    def __str__(self) -> str:
        return f"{self.upload_id} from {self.start}"

    def chunks(self) -> Iterator[bytes]:
        """Yield the decrypted bytes; raises as `Upload.chunks` does."""
        key = self.upload.part_key(self.id)
        return decrypted_chunks(blobs().open(self.id), key, self.id)
