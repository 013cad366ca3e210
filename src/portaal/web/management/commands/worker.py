import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections
from django.utils import timezone

from portaal.domain.accounts import limits, unsent
from portaal.domain.accounts.models import LinkRequest, Session
from portaal.domain.files import sweep
from portaal.domain.jobs.worker import Queue, run_due
from portaal.domain.journal import anchor
from portaal.domain.messaging import drafts

log = logging.getLogger("portaal.worker")

IDLE_SECONDS = 0.5
HOUSEKEEPING = timedelta(hours=1)
SESSIONS_KEPT = timedelta(days=1)  # longer than any session lives
TYPED_KEPT = timedelta(days=1)  # longer than all tries of answering it


class Command(BaseCommand):
    help = "Does the background work (e-mails, housekeeping) until it is stopped; --once does what is due and ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{run_due()} jobs tried.")
            return
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        files = threading.Thread(target=work_on, args=(Queue.FILES, stop), daemon=True)
        files.start()
        work_on(Queue.OTHERS, stop, hourly=clean_up)
        files.join()


def work_on(queue: Queue, stop: threading.Event, hourly: Callable[[], None] = lambda: None) -> None:
    """Does what is due in one queue until `stop`. One that ends by a fault stops the other: whoever started both does so anew."""
    due_at = timezone.now()
    try:
        while not stop.is_set():
            try:
                run_due(queue)
                if timezone.now() >= due_at:
                    due_at = timezone.now() + HOUSEKEEPING
                    hourly()
            except Error as fault:  # the database away: wait for it
                log.error("the worker waits for the database: %s", fault)
                close_old_connections()
                stop.wait(5)
            stop.wait(IDLE_SECONDS)
    finally:
        stop.set()


def clean_up() -> None:
    """Removes what has had its time: unclaimed files, old counts, sessions that nobody can use any more."""
    gone = sweep.sweep()
    limits.delete_expired()
    unsent.delete_expired()
    drafts.delete_expired()
    LinkRequest.objects.filter(requested_at__lt=timezone.now() - TYPED_KEPT).exclude(
        email=""
    ).update(email="")
    Session.objects.filter(seen_at__lt=timezone.now() - SESSIONS_KEPT).delete()
    _anchor_the_journal()
    if gone:
        log.info("%s files that nobody claimed were removed", gone)


def _anchor_the_journal() -> None:
    """To the second places that the settings name; one that fails is said in the log and tried again in an hour."""
    try:
        if settings.JOURNAL_ANCHOR_FILE:
            anchor.write(settings.JOURNAL_ANCHOR_FILE)
        if settings.JOURNAL_ANCHOR_MAIL:
            anchor.send(settings.JOURNAL_ANCHOR_MAIL)
    except (OSError, SMTPException) as fault:
        log.error("the journal's end could not be written down at the second place: %s", fault)
