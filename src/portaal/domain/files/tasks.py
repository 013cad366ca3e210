"""What the worker does with a file that came in: has it scanned, looks inside, and makes what cannot be read readable."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from portaal.domain.jobs.context import when_given_up
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.verbs import refuse
from portaal.gateways.scanner import scanner

from .inside import reason_of
from .models import StoredFile

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


@when_given_up(check)
def hold_unchecked(file_id: str) -> None:
    _settle(file_id, StoredFile.Reason.UNCHECKED)


@transaction.atomic
def _settle(file_id: str, reason: str) -> None:
    """Once: a worker that was slow changes nothing any more."""
    state = StoredFile.State.HELD if reason else StoredFile.State.CLEAN
    done = StoredFile.objects.waiting().filter(pk=file_id).update(state=state, reason=reason, checked_at=timezone.now())
    if done and reason:
        refuse("files.held", by=SYSTEM, file=file_id, reason=str(reason))
