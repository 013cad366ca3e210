"""Verbs of files: store, claim, and download, view, release or rescan that of a holder."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from portaal.domain.identity.models import User
from portaal.domain.journal.recording import record, verb
from portaal.domain.journal.registry import EventType
from portaal.domain.keys.models import Vault

from . import permissions, validators
from .events import FILE_STORED
from .holders import FileHolder
from .kinds import ALL, HEIC, PUBLISHED, Kind, kind_by_name
from .models import OpenedFile, StoredFile
from .sealing import StoredBytes
from .tasks import check, enqueue_copy


@verb
def store_file(
    stored: StoredBytes,
    *,
    by: User,
    vault: Vault,
    dossier: UUID,
    kinds: Collection[Kind] = PUBLISHED,
    sealed_key: bytes | None = None,
) -> StoredFile:
    """Create the row of a stored blob. The file waits for this login and vault to claim it.

    `sealed_key` is the key of the blob, if the vault has sealed it already. Raises
    PermissionDenied for a blocked login, and ValidationError if it is empty, too large, damaged or
    not of these kinds; then deletes the blob.
    """
    try:
        _only(permissions.may_store(by))
        file = _create_row(stored, by=by, vault=vault, kinds=kinds, sealed_key=sealed_key)
    except (PermissionDenied, ValidationError):
        stored.delete()
        raise
    record(FILE_STORED, file, by=by, dossier=dossier, digest=vault.digest(file.sha256))
    return file


def claim(*files: StoredFile | StoredBytes, by: User, vault: Vault) -> list[StoredFile]:
    """Claim files for the caller's object, inside the verb that records the event.

    A StoredFile waits for this login; the row of StoredBytes, posted with the form, is created
    here. Raises PermissionDenied if a file belongs to another login or vault, or is claimed
    already: one UPDATE decides, so two requests at once cannot both claim it (R12). Raises
    ValidationError as `store_file` does, but keeps the blobs.
    """
    now, ids = timezone.now(), [file.pk for file in files if isinstance(file, StoredFile)]
    unclaimed = StoredFile.objects.unclaimed_by(by, vault.pk).filter(pk__in=ids)
    if ids and unclaimed.update(claimed_at=now) != len(ids):
        raise PermissionDenied
    if any(isinstance(file, StoredFile) and file.kind == HEIC for file in files):
        StoredFile.objects.filter(original__in=ids).update(claimed_at=now)
    claimed = []
    for file in files:
        if isinstance(file, StoredBytes):
            file = _create_row(file, by=by, vault=vault, kinds=ALL, claimed_at=now)
        file.claimed_at = now
        claimed.append(file)
    return claimed


def download(holder: FileHolder, *, by: User) -> OpenedFile:
    """Open the file for a download ("Download").

    Raises NotClean while the file is being checked or is quarantined, also for its sender.
    `StoredFile.chunks` has the errors of a file that cannot be opened. Then nothing is recorded.
    """
    opened = _clean_file(holder, by).opened()
    _record_opening(holder, holder.events.downloaded, by=by)
    return opened


def view(holder: FileHolder, *, by: User) -> OpenedFile:
    """Open the file, or its readable copy, to be shown inline ("Bekijken").

    Same permission and errors as `download`, separate journal event. Raises LookupError for a
    holder without such an event.
    """
    if not (event := holder.events.viewed):
        raise LookupError(f"{holder!r} is not shown inline")
    opened = _clean_file(holder, by).readable.opened()
    _record_opening(holder, event, by=by)
    return opened


def download_all(holders: Iterable[FileHolder], *, by: User) -> list[StoredFile]:
    """Return the clean ones of these files, for one ZIP; each has an event of its own.

    Raises the errors of `download`. Then nothing is recorded.
    """
    clean = [holder for holder in holders if permissions.may_open(holder.file)]
    for holder in clean:
        # Closed again at once: the ZIP opens one file after the other.
        _clean_file(holder, by).opened().close()
    with transaction.atomic():
        for holder in clean:
            _record_opening(holder, holder.events.downloaded, by=by)
    return [holder.file for holder in clean]


@verb
def release(holder: FileHolder, *, by: User) -> StoredFile:
    """Make a quarantined file clean ("Toch doorlaten").

    The handler knows where the file comes from. Raises PermissionDenied for a reason that nobody
    may override, and for a client's login whatever the holder says.
    """
    _only(permissions.may_decide(by))
    _only(holder.may_release(by))
    file = holder.file
    quarantined = StoredFile.objects.filter(pk=file.pk, state=StoredFile.State.QUARANTINED)
    if quarantined.exclude(reason__in=StoredFile.RELEASABLE).exists():
        raise PermissionDenied
    if quarantined.update(state=StoredFile.State.CLEAN):
        enqueue_copy(file)
        file.refresh_from_db()
        dossier, reason = holder.dossier_id, file.reason
        record(holder.events.released, holder.row, by=by, dossier=dossier, reason=reason)
    return file


@verb
def rescan(holder: FileHolder, *, by: User) -> StoredFile:
    """Have a quarantined file checked again ("Opnieuw controleren").

    Raises PermissionDenied for a client's login whatever the holder says.
    """
    _only(permissions.may_decide(by))
    _only(holder.may_rescan(by))
    file = holder.file
    quarantined = StoredFile.objects.filter(pk=file.pk, state=StoredFile.State.QUARANTINED)
    if quarantined.update(state=StoredFile.State.WAITING, reason="", checked_at=None):
        check.enqueue(str(file.pk))
        record(holder.events.rescanned, holder.row, by=by, dossier=holder.dossier_id)
    return file


def _clean_file(holder: FileHolder, user: User) -> StoredFile:
    """Return the file if this user may open it. Raises PermissionDenied and NotClean."""
    _only(holder.may_download(user))
    if not permissions.may_open(holder.file):
        raise permissions.NotClean(holder.file)
    return holder.file


@verb
def _record_opening(holder: FileHolder, event: EventType, *, by: User) -> None:
    """Record that a file was opened.

    Apart from the opening: on SQLite a transaction excludes all other writers, and must not wait
    for a store in the network. Raises PermissionDenied if the permission ended meanwhile.
    """
    _only(holder.may_download(by))
    holder.mark_opened(by)
    record(event, holder.row, by=by, dossier=holder.dossier_id)


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _create_row(
    stored: StoredBytes,
    *,
    by: User,
    vault: Vault,
    kinds: Collection[Kind],
    claimed_at: datetime | None = None,
    sealed_key: bytes | None = None,
) -> StoredFile:
    """Create the row of a stored blob and enqueue its check. Raises ValidationError."""
    limit = settings.FILE_MAX_BYTES
    if reason := validators.rejection_reason(stored, limit=limit, kinds=kinds):
        raise ValidationError({"file": reason})
    kind = kind_by_name(stored.name, kinds)
    assert kind
    file = StoredFile.objects.create(
        id=stored.id,
        vault=vault,
        owner=by,
        name=stored.name,
        content_type=kind.content_type,
        size=stored.size,
        sha256=stored.sha256,
        sealed_key=sealed_key or vault.seal_key(stored.key, stored.id),
        has_gps=stored.has_gps,
        claimed_at=claimed_at,
    )
    check.enqueue(str(file.pk))
    return file
