"""Uploads: files that arrive in parts and continue where the connection broke.

These functions are not verbs: the journal gets one event, when the file is complete
(files.receive). Each part is encrypted into a blob of its own, with a key derived from that of the
whole file. The offset moves afterwards, by one UPDATE that compares the old offset, so one of two
concurrent parts counts. At the end all parts are decrypted, joined and stored like any other file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Case, F, Sum, When
from django.utils import timezone
from django.utils.translation import gettext as _

from portaal.domain.identity.models import User
from portaal.domain.keys import crypto
from portaal.domain.keys.models import Vault
from portaal.domain.problems import Conflict, Gone, LimitReached
from portaal.gateways.blobs import blobs

from .kinds import ALL
from .models import StoredFile, Upload, UploadPart
from .names import clean_name
from .sealing import IncomingFile, Sealer
from .validators import empty_message, too_large_message
from .verbs import store_file

OPEN_MAX = 20  # as many as one message has files (R53)
PARTS_MAX = 2_000  # a connection that breaks often must not fill the store with tiny blobs
DAY = timedelta(days=1)
SOON = timedelta(minutes=1)
MB = 1024 * 1024

# Called by `finish` and `abandon` in their transaction.
FileCallback = Callable[[StoredFile], Any]


class UploadGone(Gone):
    """The upload was abandoned, or its file was rejected; it cannot continue."""


class WrongOffset(Conflict):
    """The part does not start at the upload's offset, or another part was faster."""


class QuotaExceeded(LimitReached):
    """A limit of the uploads is reached."""

    def __init__(self, sentence: str, wait: timedelta) -> None:
        super().__init__(sentence, retry_after=max(1, int(wait.total_seconds())))


def create(*, by: User, vault: Vault, dossier: UUID, name: str, length: int) -> Upload:
    """Create an upload for a file of `length` bytes.

    Raises ValidationError if the file is empty or too large, QuotaExceeded at a limit.
    """
    upload = Upload(
        id=uuid4(), owner=by, vault=vault, dossier=dossier, name=clean_name(name), length=length
    )
    if length > settings.FILE_MAX_BYTES:
        message = too_large_message(upload.name, limit=settings.FILE_MAX_BYTES)
        raise ValidationError({"file": message})
    if not length:
        raise ValidationError({"file": empty_message(upload.name)})
    upload.sealed_key = vault.seal_key(crypto.new_key(), upload.id)
    with transaction.atomic():
        # Locked, so that two requests at once cannot both use the rest of the quota.
        User.objects.select_for_update().get(pk=by.pk)
        _check_quota(by, vault, length)
        upload.save(force_insert=True)
    return upload


def append(upload: Upload, *, by: User, offset: int, chunks: Iterable[bytes]) -> Upload:
    """Store the bytes after `offset`. Sending the last part again unchanged is a no-op.

    Raises WrongOffset, UploadGone, OSError if the store fails, and ValidationError for more bytes
    than were announced or too many parts.
    """
    _only_owner(upload, by)
    if offset == upload.offset == upload.length:
        return upload
    if offset != upload.offset or upload.closed_at:
        if _is_last_part(upload, offset, chunks):
            return upload
        raise UploadGone if upload.closed_at else WrongOffset
    if upload.parts.count() >= PARTS_MAX:
        message = _("“%(name)s” came in too many pieces. Choose it again.")
        raise ValidationError({"file": message % {"name": upload.name}})
    part, room = UploadPart(id=uuid4(), upload=upload, start=offset), upload.length - offset
    with Sealer(part.id, upload.part_key(part.id)) as sealer:
        sealer.write_all(chunks, limit=room)
        if sealer.size > room:
            message = _("“%(name)s” has changed while it was sent. Choose it again.")
            raise ValidationError({"file": message % {"name": upload.name}})
    part.size = sealer.size
    if part.size and not _add_part(part, sealer.hash.hexdigest()):
        blobs().delete(part.id)
        raise WrongOffset if _unclosed(upload).exists() else UploadGone
    return upload


def finish(upload: Upload, *, by: User, on_stored: FileCallback | None = None) -> StoredFile | None:
    """Store the file if it is complete; called again, or twice at once, return the same file.

    Return None while bytes are missing. `on_stored` is called with the file in the same
    transaction. Raises UploadGone, and ValidationError if the content is rejected; then nothing of
    the file is left.
    """
    _only_owner(upload, by)
    if upload.closed_at is None:
        if upload.offset < upload.length:
            return None
        try:
            _join_parts(upload, by, on_stored)
        except ValidationError:
            if _close(upload):  # no other request can finish it any more
                blobs().delete(upload.pk)
            raise
        delete_parts(upload)
    file = StoredFile.objects.filter(pk=upload.pk).first()
    if file is None:
        raise UploadGone
    return file


def abandon(upload: Upload, *, by: User, before_delete: FileCallback | None = None) -> None:
    """Delete an upload, or its file if the upload is finished and the file is not claimed.

    `before_delete` is called with the file in the same transaction. Raises PermissionDenied if
    the file is claimed.
    """
    _only_owner(upload, by)
    _close(upload)
    file = StoredFile.objects.filter(pk=upload.pk).first()
    if file is None:
        return
    with transaction.atomic():
        if before_delete:
            before_delete(file)
        if not StoredFile.objects.unclaimed_by(by, upload.vault_id).filter(pk=file.pk).delete()[0]:
            raise PermissionDenied
    blobs().delete(upload.pk)


def delete_parts(upload: Upload) -> None:
    """Delete the parts of a closed upload: the blobs first, so a row that is left is retried."""
    for part in upload.parts.all():
        blobs().delete(part.pk)
    upload.parts.all().delete()


def _only_owner(upload: Upload, by: User) -> None:
    if upload.owner_id != by.pk:
        raise PermissionDenied


def _check_quota(by: User, vault: Vault, length: int) -> None:
    """Raise QuotaExceeded if `length` more bytes are too many.

    An open upload counts with its announced length, a closed one with the bytes that arrived.
    """
    now = timezone.now()
    counted = Sum(Case(When(closed_at=None, then=F("length")), default=F("offset")))
    mine = Upload.objects.visible_to(by)
    if mine.open().count() >= OPEN_MAX:
        raise QuotaExceeded(
            _(
                "Too many files are being sent at once. "
                "Wait until one is done, then choose this one again."
            ),
            SOON,
        )
    today = mine.filter(begun_at__gt=now - DAY)
    if (today.aggregate(n=counted)["n"] or 0) + length > settings.UPLOAD_DAY_BYTES:
        first = today.order_by("begun_at").values_list("begun_at", flat=True).first() or now
        message = _(
            "No more than %(limit)s MB can be sent in a day. Send the rest tomorrow, or call us."
        )
        raise QuotaExceeded(message % {"limit": settings.UPLOAD_DAY_BYTES // MB}, first + DAY - now)
    stored = StoredFile.objects.filter(owner=by, vault=vault).aggregate(n=Sum("size"))["n"] or 0
    coming = mine.open().filter(vault=vault).aggregate(n=counted)["n"] or 0
    if not by.is_staff and stored + coming + length > settings.UPLOAD_DOSSIER_BYTES:
        message = _(
            "No more than %(limit)s MB can be sent in this dossier. Call us if you have more."
        )
        raise QuotaExceeded(message % {"limit": settings.UPLOAD_DOSSIER_BYTES // MB}, DAY)


def _is_last_part(upload: Upload, offset: int, chunks: Iterable[bytes]) -> bool:
    """Return True if this is the last part again, because its response was lost."""
    if not upload.last_sha256 or offset != upload.last_start:
        return False
    size, digest = 0, sha256()
    for chunk in chunks:
        size += len(chunk)
        digest.update(chunk)
    return (offset + size, digest.hexdigest()) == (upload.offset, upload.last_sha256)


@transaction.atomic
def _add_part(part: UploadPart, sha256: str) -> bool:
    """Move the offset over a stored part. Return False if another part was faster."""
    upload, end = part.upload, part.start + part.size
    progress = {"offset": end, "last_start": part.start, "last_sha256": sha256}
    if not _unclosed(upload).filter(offset=part.start).update(**progress):
        return False
    for field, value in progress.items():
        setattr(upload, field, value)
    part.save(force_insert=True)
    return True


def _join_parts(upload: Upload, by: User, on_stored: FileCallback | None) -> None:
    """Join the parts and store the file. The request that closes the upload stores it, once."""
    unclosed, again = _unclosed(upload), (upload.pk, upload.key)
    try:
        with IncomingFile(upload.name, settings.FILE_MAX_BYTES, again=again) as incoming:
            for part in upload.parts.order_by("start"):
                for chunk in part.chunks():
                    incoming.write(chunk)
    except FileNotFoundError:
        if unclosed.exists():
            raise
        return
    with transaction.atomic():
        if unclosed.update(closed_at=timezone.now()):
            file = store_file(
                incoming.stored,
                by=by,
                vault=upload.vault,
                dossier=upload.dossier,
                kinds=ALL,
                sealed_key=bytes(upload.sealed_key),
            )
            if on_stored:
                on_stored(file)


def _close(upload: Upload) -> bool:
    """Close the upload and delete its parts. Return False if it was closed already."""
    closed = _unclosed(upload).update(closed_at=timezone.now())
    delete_parts(upload)
    return bool(closed)


def _unclosed(upload: Upload) -> models.QuerySet[Upload]:
    """Return the row of this upload, unless another request has closed it."""
    return Upload.objects.filter(pk=upload.pk, closed_at=None)
