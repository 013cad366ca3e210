"""Maintenance of the store: verification of all bytes, and removal of unclaimed files."""

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
from .uploads import delete_parts

UNCLAIMED_FOR = timedelta(hours=24)  # for unfinished uploads too (R64)
ORPHAN_FOR = timedelta(hours=48)


def verify() -> Iterator[str]:
    """Yield a sentence for each missing or changed file or part, and each orphaned blob."""
    for file in StoredFile.objects.select_related("vault").iterator(chunk_size=500):
        if file.vault.wrapped is not None and (problem := _problem_of_file(file)):
            yield f"file {file.pk}: {problem}"
    for upload in Upload.objects.open().select_related("vault").iterator(chunk_size=500):
        if upload.vault.wrapped is not None and (problem := _problem_of_upload(upload)):
            yield f"upload {upload.pk}: {problem}"
    for blob_id, _written_at in blobs().ids():
        if not _has_row(blob_id):
            yield f"blob {blob_id}: no file names it (it goes after {ORPHAN_FOR.days} days)"


def sweep() -> int:
    """Delete unclaimed files with their copies, unfinished uploads, and orphaned blobs.

    Return how many were deleted.
    """
    deleted = _sweep_uploads()
    old = StoredFile.objects.filter(
        claimed_at=None, original=None, received_at__lt=timezone.now() - UNCLAIMED_FOR
    )
    for file_id, copy_id in old.values_list("pk", "copy"):
        if StoredFile.objects.filter(pk=file_id, claimed_at=None).delete()[0]:
            for blob_id in filter(None, (file_id, copy_id)):
                blobs().delete(blob_id)
                deleted += 1
    oldest = time.time() - ORPHAN_FOR.total_seconds()
    for blob_id, written_at in blobs().ids():
        if written_at < oldest and not _has_row(blob_id):
            blobs().delete(blob_id)
            deleted += 1
    return deleted + blobs().delete_unfinished(before=oldest)


def _sweep_uploads() -> int:
    """Delete uploads that were not finished in a day. Return how many were open.

    They are closed first, so that a concurrent `append` or `finish` fails as a whole.
    """
    old = Upload.objects.filter(begun_at__lt=timezone.now() - UNCLAIMED_FOR)
    closed = old.open().update(closed_at=timezone.now())
    for upload in Upload.objects.exclude(closed_at=None).filter(parts__isnull=False).distinct():
        delete_parts(upload)
    old.exclude(closed_at=None).delete()
    return closed


def _problem_of_file(file: StoredFile) -> str:
    digest = sha256()
    try:
        for chunk in file.chunks():
            digest.update(chunk)
    except FileNotFoundError:
        return "its bytes are missing"
    except (Tampered, StopIteration):
        return "its bytes were changed"
    return "" if digest.hexdigest() == file.sha256 else "its bytes are not those that were received"


def _problem_of_upload(upload: Upload) -> str:
    try:
        size = sum(len(chunk) for chunk in upload.chunks())
    except FileNotFoundError:
        return "some of its bytes are missing"
    except (Tampered, StopIteration):
        return "its bytes were changed"
    return "" if size == upload.offset else "its pieces do not fit"


def _has_row(blob_id: UUID) -> bool:
    return (
        StoredFile.objects.filter(pk=blob_id).exists()
        or UploadPart.objects.filter(pk=blob_id).exists()
    )
