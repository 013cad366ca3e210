"""Verbs of files: store one, and claim, release or rescan it for the room that uses it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from portaal.domain.identity.models import User
from portaal.domain.journal.recording import record, verb
from portaal.domain.keys.models import Vault

from . import permissions, validators
from .events import FILE_STORED
from .kinds import ALL, HEIC, PUBLISHED, Kind, kind_by_name
from .models import StoredFile
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
) -> StoredFile:
    """Create the row of a stored blob. The file waits for this login and vault to claim it.

    Raises PermissionDenied for a blocked login, and ValidationError if it is empty, too large,
    damaged or not of these kinds; then deletes the blob.
    """
    try:
        _only(permissions.may_store(by))
        file = _create_row(stored, by=by, vault=vault, kinds=kinds)
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


def release(file: StoredFile, *, by: User) -> bool:
    """Make a quarantined file clean ("Toch doorlaten").

    Part of a verb of the room that uses the file, which checks the dossier. Return False if it is
    not quarantined. Raises PermissionDenied for a client's login, and for a reason that nobody may
    override.
    """
    _only(permissions.may_decide(by))
    quarantined = StoredFile.objects.filter(pk=file.pk, state=StoredFile.State.QUARANTINED)
    if quarantined.exclude(reason__in=permissions.RELEASABLE).exists():
        raise PermissionDenied
    if not quarantined.update(state=StoredFile.State.CLEAN):
        return False
    enqueue_copy(file)
    return True


def rescan(file: StoredFile, *, by: User) -> bool:
    """Have a quarantined file checked again ("Opnieuw controleren").

    Part of a verb of the room that uses the file, which checks the dossier. Return False if it is
    not quarantined. Raises PermissionDenied for a client's login.
    """
    _only(permissions.may_decide(by))
    quarantined = StoredFile.objects.filter(pk=file.pk, state=StoredFile.State.QUARANTINED)
    if not quarantined.update(state=StoredFile.State.WAITING, reason="", checked_at=None):
        return False
    check.enqueue(str(file.pk))
    return True


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
        sealed_key=vault.seal_key(stored.key, stored.id),
        has_gps=stored.has_gps,
        claimed_at=claimed_at,
    )
    check.enqueue(str(file.pk))
    return file
