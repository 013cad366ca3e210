"""Files as they are kept: sealed bytes in the store, what is known of them here. A file has no address of its own.

An upload is a file on its way in, by pieces: each piece is a sealed blob of its own until the last has come.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portaal.domain.keys.models import Vault
from portaal.gateways.blobs import blobs

from . import sealing
from .kinds import BY_TYPE, Kind

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def pending_of(self, user: models.Model, vault_id: UUID) -> StoredFileQuerySet:
        """What this login sent for this dossier and has not yet been used: nobody else can claim it."""
        return self.filter(owner_id=user.pk, vault_id=vault_id, claimed_at=None, original=None)

    def sent_by(self, user: models.Model, vault_id: UUID) -> StoredFileQuerySet:
        """What this login sent for this dossier, also what is in use by now: a form that comes twice names it twice."""
        return self.filter(owner_id=user.pk, vault_id=vault_id)

    def waiting(self) -> StoredFileQuerySet:
        return self.filter(state=StoredFile.State.WAITING)

    def without_copy(self) -> StoredFileQuerySet:
        """Clean, and no copy for reading was made or tried in vain."""
        return self.filter(state=StoredFile.State.CLEAN, copy=None, copy_failed_at=None)


class StoredFile(models.Model):
    """One file, sealed. Nobody opens it before it is clean: scanned and looked into, or let through by the office."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CLEAN = "clean"
        QUARANTINED = "quarantined"

    class Reason(models.TextChoices):
        """Why a file is held, in words for the office."""

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

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    vault = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    sealed_key = models.BinaryField()
    has_gps = models.BooleanField(default=False)  # a photo that says where it was taken
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
        """The copy that was made for reading, where there is one; else the file itself."""
        return getattr(self, "copy", self)

    def chunks(self) -> Iterator[bytes]:
        """The plain bytes, in parts of 128 KiB. Raises keys.crypto.Tampered before the first wrong byte is given."""
        key = self.vault.unseal_key(self.sealed_key, self.id)
        return sealing.unsealed(blobs().open(self.id), key, self.id)

    def open(self) -> BinaryIO:
        """The plain bytes, to read from any place; one part of them in memory. Raises as `chunks`."""
        key = self.vault.unseal_key(self.sealed_key, self.id)
        return cast(
            BinaryIO, sealing.Unsealed(lambda: blobs().open(self.id), key, self.id, self.size)
        )


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: models.Model) -> UploadQuerySet:
        """An upload is there for the login that began it, and for nobody else."""
        return self.filter(owner_id=user.pk)

    def open(self) -> UploadQuerySet:
        """Neither finished nor given up."""
        return self.filter(closed_at=None)


class Upload(models.Model):
    """A file on its way in. Finished, it is the StoredFile of the same id; its row stays a day, as what the day's limit counts.

    `offset` says how many bytes are safe: sealed, in the store and on the disk.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    vault = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="+")
    dossier = models.UUIDField()
    name = models.CharField(max_length=200)
    length = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    sealed_key = models.BinaryField()  # of the whole file: two that finish it at once seal it alike
    last_start = models.BigIntegerField(default=0)
    last_sha256 = models.CharField(
        max_length=64, blank=True
    )  # tells a piece that came twice from another
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

    def chunks(self) -> Iterator[bytes]:
        """The plain bytes that are safe, in their order. Raises keys.crypto.Tampered, or FileNotFoundError."""
        for part in self.parts.order_by("start"):
            yield from part.chunks()

    if TYPE_CHECKING:
        parts: RelatedManager[UploadPart]


class UploadPart(models.Model):
    """What one request brought of an upload: a sealed blob by this id."""

    id = models.UUIDField(primary_key=True, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    start = models.BigIntegerField()
    size = models.BigIntegerField()
    sealed_key = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="files_one_part")]

    def __str__(self) -> str:
        return f"{self.upload_id} from {self.start}"

    def chunks(self) -> Iterator[bytes]:
        key = self.upload.vault.unseal_key(self.sealed_key, self.id)
        return sealing.unsealed(blobs().open(self.id), key, self.id)
