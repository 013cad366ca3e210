"""What the worker does with a file that came in: has it scanned, looks inside, and makes what cannot be read readable."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from portaal.domain.jobs.context import on_dead_letter
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.recording import record_security_event
from portaal.gateways.blobs import blobs
from portaal.gateways.pictures import Unreadable, jpeg_of
from portaal.gateways.scanner import scanner

from .inside import reason_of
from .kinds import HEIC, JPEG
from .models import StoredFile
from .receipt import Receipt, Received

log = logging.getLogger("portaal.files")


@task()
def check(file_id: str) -> None:
    """Says of a file that waits whether it is clean. Raises ScannerAway: the file then waits for the next try."""
    file = StoredFile.objects.waiting().filter(pk=file_id).select_related("vault").first()
    if file is None:  # done already, or nobody claimed it
        return
    if found := scanner().scan(file.chunks()):
        log.warning("file %s is held: the scanner found %s", file.pk, found)
        _settle(file_id, StoredFile.Reason.FOUND)
    else:
        _settle(file_id, reason_of(file))


@on_dead_letter(check)
def quarantine_unchecked(file_id: str) -> None:
    _settle(file_id, StoredFile.Reason.UNCHECKED)


def check_unchecked() -> int:
    """Has every file looked at again that is held because the scanner was away too long. Returns how many."""
    unchecked = StoredFile.objects.filter(
        state=StoredFile.State.QUARANTINED, reason=StoredFile.Reason.UNCHECKED
    )
    names = [str(pk) for pk in unchecked.values_list("pk", flat=True)]
    for name in names:
        with transaction.atomic():
            if unchecked.filter(pk=name).update(
                state=StoredFile.State.WAITING, reason="", checked_at=None
            ):
                check.enqueue(name)
    return len(names)


@transaction.atomic
def _settle(file_id: str, reason: str) -> None:
    """Once: a worker that was slow changes nothing any more."""
    state = StoredFile.State.QUARANTINED if reason else StoredFile.State.CLEAN
    done = (
        StoredFile.objects.waiting()
        .filter(pk=file_id)
        .update(state=state, reason=reason, checked_at=timezone.now())
    )
    if done and reason:
        record_security_event("files.held", by=SYSTEM, file=file_id, reason=str(reason))
    elif done:
        have_copied(StoredFile.objects.get(pk=file_id))


def have_copied(file: StoredFile) -> None:
    """A clean file that not every program shows gets a copy that does."""
    if file.kind == HEIC:
        make_copy.enqueue(str(file.pk))


@task()
def make_copy(file_id: str) -> None:
    """Makes a JPEG beside a HEIC. When that cannot be done the file stays as it is, and it is noted."""
    file = StoredFile.objects.without_copy().filter(pk=file_id).select_related("vault").first()
    if file is None:
        return
    receipt = Receipt(f"{file.name.rpartition('.')[0]}.jpg", settings.FILE_MAX_BYTES)
    try:
        for part in jpeg_of(file.chunks()):
            receipt.write(part)
    except Unreadable as fault:
        receipt.abandon()
        log.warning("file %s has no copy: %s", file.pk, fault)
        note_no_copy(file_id)
    except BaseException:
        receipt.abandon()
        raise
    else:
        _keep_copy(file, receipt.finish())


@on_dead_letter(make_copy)
def note_no_copy(file_id: str) -> None:
    StoredFile.objects.without_copy().filter(pk=file_id).update(copy_failed_at=timezone.now())


def _keep_copy(file: StoredFile, received: Received) -> None:
    """The copy is claimed with its original, also when that happened meanwhile; another worker's copy stays."""
    with transaction.atomic():
        # One worker at a time, and only who has the row looks: a copy that another made meanwhile does not change it.
        StoredFile.objects.select_for_update().filter(pk=file.pk).first()
        original = StoredFile.objects.without_copy().filter(pk=file.pk).first()
        if original and not received.too_large:
            StoredFile.objects.create(
                id=received.id,
                original=original,
                vault=file.vault,
                owner_id=original.owner_id,
                name=received.name,
                content_type=JPEG.content_type,
                size=received.size,
                sha256=received.sha256,
                sealed_key=file.vault.seal_key(received.key, received.id),
                claimed_at=original.claimed_at,
                state=StoredFile.State.CLEAN,
                checked_at=timezone.now(),
            )
            return
        note_no_copy(str(file.pk))
    blobs().delete(received.id)
