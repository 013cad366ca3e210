"""Uploads: a file that comes in by pieces and goes on where it was cut off. No verbs: the journal hears of it once, when the
file is whole (files.receive).

Each piece becomes a sealed blob as soon as it is in; the offset moves only after that, by one UPDATE that names the old offset,
so of two pieces at once one counts. At the end all of them are read back, unsealed, and received as any file is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Case, F, Sum, When
from django.utils import timezone
from django.utils.translation import gettext as _

from portaal.domain.accounts.models import User
from portaal.domain.keys import crypto
from portaal.domain.keys.models import Vault
from portaal.gateways.blobs import blobs

from .kinds import ALL
from .models import StoredFile, Upload, UploadPart
from .receipt import Receipt, Received, clean_name
from .rules import empty, too_large
from .verbs import receive

OPEN_MAX = 20  # one message's files (security.md B5 53)
PARTS_MAX = 2_000  # a line that breaks each time must not fill the store with crumbs
DAY = timedelta(days=1)
SOON = timedelta(minutes=1)
MB = 1024 * 1024

Use = Callable[
    [StoredFile], Any
]  # what a room above does with a file that was finished, or lets go of


class Gone(Exception):
    """The upload was given up, or refused when it was whole: it cannot be gone on with."""


class WrongOffset(Exception):
    """The piece begins elsewhere than where the safe bytes end, or another piece was first."""


class Spent(Exception):
    """A limit is reached. Says why in a sentence, and after how many `seconds` it makes sense to try again."""

    def __init__(self, sentence: str, wait: timedelta) -> None:
        super().__init__(sentence)
        self.sentence, self.seconds = sentence, max(1, int(wait.total_seconds()))


def begin(*, by: User, vault: Vault, dossier: UUID, name: str, length: int) -> Upload:
    """Makes room for a file of `length` bytes. Raises ValidationError when it is empty or too large; Spent at a limit."""
    upload = Upload(
        id=uuid4(), owner=by, vault=vault, dossier=dossier, name=clean_name(name), length=length
    )
    if length > settings.FILE_MAX_BYTES:
        raise ValidationError({"file": too_large(upload.name, limit=settings.FILE_MAX_BYTES)})
    if not length:
        raise ValidationError({"file": empty(upload.name)})
    upload.sealed_key = vault.seal_key(crypto.new_key(), upload.id)
    with transaction.atomic():
        User.objects.select_for_update().get(
            pk=by.pk
        )  # two at once must not both find the last room
        _look_for_room(by, vault, length)
        upload.save(force_insert=True)
    return upload


def append(upload: Upload, *, by: User, offset: int, chunks: Iterable[bytes]) -> Upload:
    """Keeps the bytes that follow `offset`, as many as come. The last piece once more, byte for byte, is kept already.

    Raises WrongOffset, Gone; ValidationError when more comes than was announced, or it comes in too many pieces.
    """
    _only_own(upload, by)
    if upload.is_complete and offset == upload.offset:
        return upload
    if offset != upload.offset or upload.closed_at:
        if _came_before(upload, offset, chunks):
            return upload
        raise Gone if upload.closed_at else WrongOffset
    if upload.parts.count() >= PARTS_MAX:
        raise ValidationError(
            {
                "file": _("“%(name)s” came in too many pieces. Choose it again.")
                % {"name": upload.name}
            }
        )
    part = _taken_in(Receipt(upload.name, upload.length - offset), chunks)
    if part.too_large:
        raise ValidationError(
            {
                "file": _("“%(name)s” has changed while it was sent. Choose it again.")
                % {"name": upload.name}
            }
        )
    if part.size and not _keep(part, upload, offset):
        blobs().delete(part.id)
        raise WrongOffset if Upload.objects.open().filter(pk=upload.pk).exists() else Gone
    return upload


def finish(upload: Upload, *, by: User, then: Use | None = None) -> StoredFile:
    """The whole file, received. `then` uses it in the same transaction. Done again, or by two at once, it gives the same file.

    Raises ValidationError when the file is refused by its content, and then nothing of it is left; Gone.
    """
    _only_own(upload, by)
    if upload.closed_at is None:
        try:
            _receive(upload, by, then)
        except ValidationError:
            if _close(upload):  # now nobody else can finish it
                blobs().delete(upload.pk)
            raise
        drop_parts(upload)
    file = StoredFile.objects.filter(pk=upload.pk).first()
    if file is None:
        raise Gone
    return file


def abandon(upload: Upload, *, by: User, first: Use | None = None) -> None:
    """Gives up an upload, also when it is finished and its file waits; `first` lets go of that file in the same transaction.

    Raises PermissionDenied when its file is in use.
    """
    _only_own(upload, by)
    _close(upload)
    file = StoredFile.objects.filter(pk=upload.pk).first()
    if file is None:
        return
    with transaction.atomic():
        if first:
            first(file)
        if not StoredFile.objects.pending_of(by, upload.vault_id).filter(pk=file.pk).delete()[0]:
            raise PermissionDenied
    blobs().delete(upload.pk)


def drop_parts(upload: Upload) -> None:
    """The pieces of an upload that is closed. The blobs first: a row that is left says what is still to be done."""
    for part in upload.parts.all():
        blobs().delete(part.pk)
    upload.parts.all().delete()


def _only_own(upload: Upload, by: User) -> None:
    if upload.owner_id != by.pk:
        raise PermissionDenied


def _look_for_room(by: User, vault: Vault, length: int) -> None:
    """Raises Spent. An upload counts for what it announced while it is open, and for what came of it afterwards."""
    now, counted = (
        timezone.now(),
        Sum(Case(When(closed_at=None, then=F("length")), default=F("offset"))),
    )
    mine = Upload.objects.visible_to(by)
    if mine.open().count() >= OPEN_MAX:
        raise Spent(
            _(
                "Too many files are being sent at once. Wait until one is done, then choose this one again."
            ),
            SOON,
        )
    today = mine.filter(begun_at__gt=now - DAY)
    if (today.aggregate(n=counted)["n"] or 0) + length > settings.UPLOAD_DAY_BYTES:
        first = today.order_by("begun_at").values_list("begun_at", flat=True).first() or now
        words = _(
            "No more than %(limit)s MB can be sent in a day. Send the rest tomorrow, or call us."
        )
        raise Spent(words % {"limit": settings.UPLOAD_DAY_BYTES // MB}, first + DAY - now)
    kept = StoredFile.objects.filter(owner=by, vault=vault).aggregate(n=Sum("size"))["n"] or 0
    coming = mine.open().filter(vault=vault).aggregate(n=counted)["n"] or 0
    if not by.is_staff and kept + coming + length > settings.UPLOAD_DOSSIER_BYTES:
        words = _(
            "No more than %(limit)s MB can be sent in this dossier. Call us if you have more."
        )
        raise Spent(words % {"limit": settings.UPLOAD_DOSSIER_BYTES // MB}, DAY)


def _came_before(upload: Upload, offset: int, chunks: Iterable[bytes]) -> bool:
    """The same piece as the last one: its answer was lost on the way."""
    if not upload.last_sha256 or offset != upload.last_start:
        return False
    size, found = 0, sha256()
    for chunk in chunks:
        size += len(chunk)
        found.update(chunk)
    return (offset + size, found.hexdigest()) == (upload.offset, upload.last_sha256)


def _taken_in(receipt: Receipt, chunks: Iterable[bytes]) -> Received:
    try:
        for chunk in chunks:
            receipt.write(chunk)
        return receipt.finish()
    except BaseException:
        receipt.abandon()
        raise


@transaction.atomic
def _keep(part: Received, upload: Upload, offset: int) -> bool:
    """Moves the offset over a piece that lies in the store. False when another piece was first."""
    now_at = {"offset": offset + part.size, "last_start": offset, "last_sha256": part.sha256}
    if not Upload.objects.open().filter(pk=upload.pk, offset=offset).update(**now_at):
        return False
    for name, value in now_at.items():
        setattr(upload, name, value)
    sealed_key = upload.vault.seal_key(part.key, part.id)
    UploadPart.objects.create(
        id=part.id, upload=upload, start=offset, size=part.size, sealed_key=sealed_key
    )
    return True


def _receive(upload: Upload, by: User, then: Use | None) -> None:
    """Joins the pieces and receives the file; whoever closes the upload does so, a second one does nothing more."""
    key = upload.vault.unseal_key(upload.sealed_key, upload.pk)
    try:
        whole = _taken_in(
            Receipt(upload.name, settings.FILE_MAX_BYTES, again=(upload.pk, key)), upload.chunks()
        )
    except FileNotFoundError:
        if Upload.objects.open().filter(pk=upload.pk).exists():
            raise
        return
    with transaction.atomic():
        if Upload.objects.open().filter(pk=upload.pk).update(closed_at=timezone.now()):
            file = receive(whole, by=by, vault=upload.vault, dossier=upload.dossier, kinds=ALL)
            if then:
                then(file)


def _close(upload: Upload) -> bool:
    """False when it was closed already."""
    closed = Upload.objects.open().filter(pk=upload.pk).update(closed_at=timezone.now())
    drop_parts(upload)
    return bool(closed)
