import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections
from django.utils import timezone

from portaal.domain.drafts import store as drafts
from portaal.domain.files import sweep
from portaal.domain.identity.models import LinkRequest, Session
from portaal.domain.jobs.worker import Queue, run_due
from portaal.domain.journal import anchor
from portaal.domain.throttle import limits

log = logging.getLogger("portaal.worker")

IDLE_SECONDS = 0.5
HOUSEKEEPING = timedelta(hours=1)
SESSIONS_KEPT = timedelta(days=1)  # longer than any session lives
EMAILS_KEPT = timedelta(days=1)  # longer than all attempts to answer the request


class Command(BaseCommand):
    help = "Run background work (e-mails, scans, housekeeping); --once: run what is due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: object, once: bool, **options: object) -> None:
        if once:
            self.stdout.write(f"{run_due()} jobs tried.")
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        files = threading.Thread(target=work_on, args=(Queue.FILES, stop), daemon=True)
        files.start()
        work_on(Queue.OTHERS, stop, hourly=clean_up)
        files.join()


def work_on(queue: Queue, stop: threading.Event, hourly: Callable[[], None] = lambda: None) -> None:
    """Run due jobs of one queue until `stop` is set.

    An error sets it too, so that both queues stop and the process is restarted.
    """
    due_at = timezone.now()
    try:
        while not stop.is_set():
            try:
                run_due(queue)
                if timezone.now() >= due_at:
                    due_at = timezone.now() + HOUSEKEEPING
                    hourly()
            except Error as error:  # the database is down: wait for it
                log.error("the worker waits for the database: %s", error)
                close_old_connections()
                stop.wait(5)
            stop.wait(IDLE_SECONDS)
    finally:
        stop.set()


def clean_up() -> None:
    """Delete unclaimed files, expired counts, drafts, addresses and sessions."""
    swept = sweep.sweep()
    limits.delete_expired()
    drafts.delete_expired()
    LinkRequest.objects.filter(requested_at__lt=timezone.now() - EMAILS_KEPT).exclude(
        email=""
    ).update(email="")
    Session.objects.filter(seen_at__lt=timezone.now() - SESSIONS_KEPT).delete()
    _anchor_the_journal()
    if swept:
        log.info("%s files that nobody claimed were removed", swept)


def _anchor_the_journal() -> None:
    """Write the journal's end to the places in the settings; a failure is logged."""
    try:
        if settings.JOURNAL_ANCHOR_FILE:
            anchor.write(settings.JOURNAL_ANCHOR_FILE)
        if settings.JOURNAL_ANCHOR_MAIL:
            anchor.send(settings.JOURNAL_ANCHOR_MAIL)
    except (OSError, SMTPException) as error:
        log.error("the journal's end could not be written down at the second place: %s", error)
