"""What can happen to a file before a room uses it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from portaal.domain.accounts.models import User
from portaal.domain.journal.verbs import record, verb
from portaal.domain.keys.models import Vault
from portaal.gateways.blobs import blobs

from . import rules
from .models import StoredFile
from .receipt import Received


@verb
def receive(received: Received, *, by: User, vault: Vault, dossier: UUID) -> StoredFile:
    """Writes down a file that lies in the store; it waits there, for this login and this vault, until it is used.

    Raises ValidationError when it is empty, too large, broken or of a wrong kind; the bytes then go.
    """
    if fault := rules.fault_of(received, limit=settings.FILE_MAX_BYTES):
        blobs().delete(received.id)
        raise ValidationError({"file": fault})
    file = StoredFile.objects.create(
        id=received.id,
        vault=vault,
        owner=by,
        name=received.name,
        content_type=rules.PDF,
        size=received.size,
        sha256=received.sha256,
        sealed_key=vault.seal_key(received.key, received.id),
    )
    record("files.receive", file, by=by, dossier=dossier, sha256=file.sha256)
    return file


def claim(file: StoredFile, *, by: User, vault: Vault) -> StoredFile:
    """Takes a waiting file into use; part of the verb that uses it. Raises PermissionDenied when it is not this login's,
    lies in another vault, or is in use already: one UPDATE decides, so two at once cannot both have it (T2)."""
    now = timezone.now()
    if not StoredFile.objects.pending_of(by, vault.pk).filter(pk=file.pk).update(claimed_at=now):
        raise PermissionDenied
    file.claimed_at = now
    return file
