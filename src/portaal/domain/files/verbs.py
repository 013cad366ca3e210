"""What can happen to a file before a room uses it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from portaal.domain.accounts.models import User
from portaal.domain.journal.recording import record, verb
from portaal.domain.keys.models import Vault

from . import rules
from .kinds import ALL, HEIC, PUBLISHED, Kind, named
from .models import StoredFile
from .receipt import Received
from .tasks import check, have_copied


@verb
def receive(
    received: Received,
    *,
    by: User,
    vault: Vault,
    dossier: UUID,
    kinds: Collection[Kind] = PUBLISHED,
) -> StoredFile:
    """Writes down a file that lies in the store; it waits there, for this login and this vault, until it is used.

    Raises ValidationError when it is empty, too large, broken or of a wrong kind; the bytes then go.
    """
    try:
        file = _written_down(received, by=by, vault=vault, kinds=kinds)
    except ValidationError:
        received.drop()
        raise
    record("files.receive", file, by=by, dossier=dossier, sha256=file.sha256)
    return file


def claim(*files: StoredFile | Received, by: User, vault: Vault) -> list[StoredFile]:
    """Takes files into use; part of the verb that uses them and records it: those that wait, and those that came in with what
    uses them, which are written down only now.

    Raises PermissionDenied when one that waits is not this login's, lies in another vault, or is in use already: one UPDATE
    decides, so two at once cannot both have it (T2). Raises ValidationError as `receive` does, and leaves the bytes.
    """
    now, names = timezone.now(), [file.pk for file in files if isinstance(file, StoredFile)]
    if names and StoredFile.objects.pending_of(by, vault.pk).filter(pk__in=names).update(
        claimed_at=now
    ) != len(names):
        raise PermissionDenied
    if any(isinstance(file, StoredFile) and file.kind == HEIC for file in files):
        StoredFile.objects.filter(original__in=names).update(claimed_at=now)
    taken = []
    for file in files:
        if isinstance(file, Received):
            file = _written_down(file, by=by, vault=vault, kinds=ALL, claimed_at=now)
        file.claimed_at = now
        taken.append(file)
    return taken


def release(file: StoredFile, *, by: User) -> bool:
    """Toch doorlaten: a held file is clean from now on; part of the verb of the room that uses it, which asks whether `by` may.

    False when it was not held any more. Raises PermissionDenied for what nobody lets through.
    """
    held = StoredFile.objects.filter(pk=file.pk, state=StoredFile.State.QUARANTINED)
    if held.exclude(reason__in=rules.RELEASABLE).exists():
        raise PermissionDenied
    if not held.update(state=StoredFile.State.CLEAN):
        return False
    have_copied(file)
    return True


def rescan(file: StoredFile, *, by: User) -> bool:
    """Opnieuw controleren: a held file waits for the scanner once more; part of the verb of the room that uses it.

    False when it was not held any more.
    """
    held = StoredFile.objects.filter(pk=file.pk, state=StoredFile.State.QUARANTINED)
    if not held.update(state=StoredFile.State.WAITING, reason="", checked_at=None):
        return False
    check.enqueue(str(file.pk))
    return True


def _written_down(
    received: Received,
    *,
    by: User,
    vault: Vault,
    kinds: Collection[Kind],
    claimed_at: datetime | None = None,
) -> StoredFile:
    """The row of a file that lies in the store, which the worker is asked to check."""
    if fault := rules.fault_of(received, limit=settings.FILE_MAX_BYTES, kinds=kinds):
        raise ValidationError({"file": fault})
    kind = named(received.name, kinds)
    assert kind
    file = StoredFile.objects.create(
        id=received.id,
        vault=vault,
        owner=by,
        name=received.name,
        content_type=kind.content_type,
        size=received.size,
        sha256=received.sha256,
        sealed_key=vault.seal_key(received.key, received.id),
        has_gps=received.has_gps,
        claimed_at=claimed_at,
    )
    check.enqueue(str(file.pk))
    return file
