"""Keeping house: what lies in the store that no row names, rows whose bytes are gone or changed, what nobody claimed or
finished."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.utils import timezone

from portaal.domain.keys.crypto import Tampered
from portaal.gateways.blobs import blobs

from .models import StoredFile, Upload, UploadPart
from .uploads import drop_parts

UNCLAIMED_FOR = timedelta(hours=24)  # security.md B5 64; an unfinished upload too
ORPHAN_FOR = timedelta(hours=48)


def faults() -> Iterator[str]:
    """Every file and every piece of an upload that is missing or changed, and every blob that no row names, in words."""
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
    for upload in Upload.objects.open().select_related("vault").iterator(chunk_size=500):
        if upload.vault.wrapped is not None and (fault := _fault_of(upload)):
            yield f"upload {upload.pk}: {fault}"
    for name, _written in blobs().names():
        if not _is_named(name):
            yield f"blob {name}: no file names it (it goes after {ORPHAN_FOR.days} days)"


def sweep() -> int:
    """Removes files that nobody claimed in a day, with their copies, uploads that nobody finished in one, and blobs that no row
    names after two. Returns how many."""
    gone = _sweep_uploads()
    old = StoredFile.objects.filter(
        claimed_at=None, original=None, received_at__lt=timezone.now() - UNCLAIMED_FOR
    )
    for name, copy in old.values_list("pk", "copy"):
        if StoredFile.objects.filter(pk=name, claimed_at=None).delete()[0]:
            for blob in filter(None, (name, copy)):
                blobs().delete(blob)
                gone += 1
    oldest = time.time() - ORPHAN_FOR.total_seconds()
    for name, written in blobs().names():
        if written < oldest and not _is_named(name):
            blobs().delete(name)
            gone += 1
    return gone + blobs().drop_drafts(before=oldest)


def _sweep_uploads() -> int:
    """Closing comes first: whoever appends or finishes meanwhile finds the upload gone, and leaves no half of it."""
    old = Upload.objects.filter(begun_at__lt=timezone.now() - UNCLAIMED_FOR)
    gone = old.open().update(closed_at=timezone.now())
    for upload in Upload.objects.exclude(closed_at=None).filter(parts__isnull=False).distinct():
        drop_parts(upload)
    old.exclude(closed_at=None).delete()
    return gone


def _fault_of(upload: Upload) -> str:
    """What is wrong with the pieces of an upload under way; '' when they are whole."""
    try:
        size = sum(len(chunk) for chunk in upload.chunks())
    except FileNotFoundError:
        return "some of its bytes are missing"
    except (Tampered, StopIteration):
        return "its bytes were changed"
    return "" if size == upload.offset else "its pieces do not fit"


def _is_named(name: UUID) -> bool:
    return (
        StoredFile.objects.filter(pk=name).exists() or UploadPart.objects.filter(pk=name).exists()
    )
