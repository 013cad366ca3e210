"""What can happen to a file before a room uses it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from portaal.domain.accounts.models import User
from portaal.domain.journal.verbs import record, verb
from portaal.domain.keys.models import Vault

from . import rules
from .kinds import HEIC, PUBLISHED, Kind, named
from .models import StoredFile
from .receipt import Received
from .tasks import check, have_copied


@verb
def receive(received: Received, *, by: User, vault: Vault, dossier: UUID, kinds: Collection[Kind] = PUBLISHED) -> StoredFile:
    """Writes down a file that lies in the store; it waits there, for this login and this vault, until it is used.

    Raises ValidationError when it is empty, too large, broken or of a wrong kind; the bytes then go.
    """
    if fault := rules.fault_of(received, limit=settings.FILE_MAX_BYTES, kinds=kinds):
        received.drop()
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
    )
    check.enqueue(str(file.pk))
    record("files.receive", file, by=by, dossier=dossier, sha256=file.sha256)
    return file


def claim(*files: StoredFile, by: User, vault: Vault) -> list[StoredFile]:
    """Takes waiting files into use; part of the verb that uses them. Raises PermissionDenied when one is not this login's, lies
    in another vault, or is in use already: one UPDATE decides, so two at once cannot both have it (T2)."""
    now, names = timezone.now(), [file.pk for file in files]
    if names and StoredFile.objects.pending_of(by, vault.pk).filter(pk__in=names).update(claimed_at=now) != len(names):
        raise PermissionDenied
    if any(file.kind == HEIC for file in files):
        StoredFile.objects.filter(original__in=names).update(claimed_at=now)
    for file in files:
        file.claimed_at = now
    return list(files)


def let_through(file: StoredFile, *, by: User) -> bool:
    """Toch doorlaten: a held file is clean from now on; part of the verb of the room that uses it, which asks whether `by` may.

    False when it was not held any more. Raises PermissionDenied for what nobody lets through.
    """
    held = StoredFile.objects.filter(pk=file.pk, state=StoredFile.State.HELD)
    if held.exclude(reason__in=rules.TO_BE_LET_THROUGH).exists():
        raise PermissionDenied
    if not held.update(state=StoredFile.State.CLEAN):
        return False
    have_copied(file)
    return True


def check_again(file: StoredFile, *, by: User) -> bool:
    """Opnieuw controleren: a held file waits for the scanner once more; part of the verb of the room that uses it.

    False when it was not held any more.
    """
    held = StoredFile.objects.filter(pk=file.pk, state=StoredFile.State.HELD)
    if not held.update(state=StoredFile.State.WAITING, reason="", checked_at=None):
        return False
    check.enqueue(str(file.pk))
    return True
