"""Keeping house: what lies in the store that no row names, rows whose bytes are gone or changed, what nobody claimed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

from django.utils import timezone

from portaal.domain.keys.crypto import Tampered
from portaal.gateways.blobs import blobs

from .models import StoredFile

UNCLAIMED_FOR = timedelta(hours=24)  # security.md B5 64
ORPHAN_FOR = timedelta(hours=48)


def faults() -> Iterator[str]:
    """Every file that is missing or changed, and every blob that no row names, in words."""
    for file in StoredFile.objects.select_related("vault").iterator(chunk_size=500):
        if file.vault.wrapped is None:
            continue
        found = sha256()
        try:
            for chunk in file.chunks():
                found.update(chunk)
        except FileNotFoundError:
            yield f"file {file.pk}: its bytes are missing"
        except (Tampered, StopIteration):
            yield f"file {file.pk}: its bytes were changed"
        else:
            if found.hexdigest() != file.sha256:
                yield f"file {file.pk}: its bytes are not those that were received"
    for name, _written in blobs().names():
        if not StoredFile.objects.filter(pk=name).exists():
            yield f"blob {name}: no file names it (it goes after {ORPHAN_FOR.days} days)"


def sweep() -> int:
    """Removes files that nobody claimed in a day and blobs that no row names after two. Returns how many."""
    gone = 0
    for file in StoredFile.objects.filter(claimed_at=None, received_at__lt=timezone.now() - UNCLAIMED_FOR):
        if StoredFile.objects.filter(pk=file.pk, claimed_at=None).delete()[0]:
            blobs().delete(file.pk)
            gone += 1
    oldest = time.time() - ORPHAN_FOR.total_seconds()
    for name, written in blobs().names():
        if written < oldest and not StoredFile.objects.filter(pk=name).exists():
            blobs().delete(name)
            gone += 1
    return gone + blobs().drop_drafts(before=oldest)
