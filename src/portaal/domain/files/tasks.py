"""Background work for stored files: checks, JPEG copies of HEIC photos, and the sweep."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from portaal.domain.jobs.context import on_dead_letter
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.security import record_security_event
from portaal.domain.periodic import hourly
from portaal.gateways.pictures import Unreadable, jpeg_of
from portaal.gateways.scanner import scanner

from .events import FILE_QUARANTINED
from .inspect import quarantine_reason
from .kinds import HEIC, JPEG
from .models import StoredFile
from .sealing import IncomingFile, StoredBytes

log = logging.getLogger("portaal.files")


@task(queue_name="files")
def check(file_id: str) -> None:
    """Scan and inspect a waiting file, and mark it clean or quarantined.

    Raises ScannerUnavailable; the file then waits for the next attempt of the job.
    """
    file = StoredFile.objects.waiting().filter(pk=file_id).select_related("vault").first()
    if file is None:  # already checked, or swept because it was not claimed
        return
    if signature := scanner().scan(file.chunks()):
        log.warning("file %s is quarantined: the scanner found %s", file.pk, signature)
        _finish_check(file_id, StoredFile.Reason.FOUND)
    else:
        _finish_check(file_id, quarantine_reason(file))


@on_dead_letter(check)
def quarantine_unchecked(file_id: str) -> None:
    _finish_check(file_id, StoredFile.Reason.UNCHECKED)


def rescan_unchecked() -> int:
    """Rescan every file quarantined because the scanner was away. Return their number."""
    unchecked = StoredFile.objects.filter(
        state=StoredFile.State.QUARANTINED, reason=StoredFile.Reason.UNCHECKED
    )
    ids = [str(pk) for pk in unchecked.values_list("pk", flat=True)]
    for file_id in ids:
        with transaction.atomic():
            if unchecked.filter(pk=file_id).update(
                state=StoredFile.State.WAITING, reason="", checked_at=None
            ):
                check.enqueue(file_id)
    return len(ids)


@transaction.atomic
def _finish_check(file_id: str, reason: str) -> None:
    """Set the result of a check, once: the late result of a slow worker is ignored."""
    state = StoredFile.State.QUARANTINED if reason else StoredFile.State.CLEAN
    updated = (
        StoredFile.objects.waiting()
        .filter(pk=file_id)
        .update(state=state, reason=reason, checked_at=timezone.now())
    )
    if updated and reason:
        record_security_event(FILE_QUARANTINED, by=SYSTEM, file=file_id, reason=str(reason))
    elif updated:
        enqueue_copy(StoredFile.objects.get(pk=file_id))


def enqueue_copy(file: StoredFile) -> None:
    """Enqueue a JPEG copy for a clean HEIC, which not every program can show."""
    if file.kind == HEIC:
        make_copy.enqueue(str(file.pk))


@hourly
def sweep_store() -> None:
    """Delete unclaimed files, unfinished uploads and orphaned blobs."""
    from .sweep import sweep  # imports the verbs, which import this module

    if swept := sweep():
        log.info("%s files that nobody claimed were removed", swept)


@task(queue_name="files")
def make_copy(file_id: str) -> None:
    """Make a JPEG copy of a HEIC, or mark the file if that fails.

    The HEIC itself is not changed.
    """
    file = StoredFile.objects.without_copy().filter(pk=file_id).select_related("vault").first()
    if file is None:
        return
    name = f"{file.name.rpartition('.')[0]}.jpg"
    try:
        with IncomingFile(name, settings.FILE_MAX_BYTES) as incoming:
            for chunk in jpeg_of(file.chunks()):
                incoming.write(chunk)
    except Unreadable as error:
        log.warning("file %s has no copy: %s", file.pk, error)
        mark_copy_failed(file_id)
    else:
        _store_copy(file, incoming.stored)


@on_dead_letter(make_copy)
def mark_copy_failed(file_id: str) -> None:
    StoredFile.objects.without_copy().filter(pk=file_id).update(copy_failed_at=timezone.now())


def _store_copy(file: StoredFile, copy: StoredBytes) -> None:
    """Create the row of the copy, claimed if its original is claimed by now.

    If another worker made a copy meanwhile, that one stays and this one is deleted.
    """
    with transaction.atomic():
        # Locked before the query, which then sees the copy of a worker that was faster.
        StoredFile.objects.select_for_update().filter(pk=file.pk).first()
        original = StoredFile.objects.without_copy().filter(pk=file.pk).first()
        if original and not copy.too_large:
            StoredFile.objects.create(
                id=copy.id,
                original=original,
                vault=file.vault,
                owner_id=original.owner_id,
                name=copy.name,
                content_type=JPEG.content_type,
                size=copy.size,
                sha256=copy.sha256,
                sealed_key=file.vault.seal_key(copy.key, copy.id),
                claimed_at=original.claimed_at,
                state=StoredFile.State.CLEAN,
                checked_at=timezone.now(),
            )
            return
        mark_copy_failed(str(file.pk))
    copy.delete()
