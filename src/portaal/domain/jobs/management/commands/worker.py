import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from portaal.domain.jobs import periodic
from portaal.domain.jobs.worker import QUEUES, run_due
from portaal.domain.problems import describe

log = logging.getLogger("portaal.worker")

JOBS_SECONDS = 0.5  # between two looks for a job
PERIODIC_SECONDS = 60  # between two looks for hourly and daily work
DATABASE_SECONDS = 5  # of waiting for a database that is down


class Command(BaseCommand):
    help = (
        "Run jobs (e-mails, file checks), a thread for each queue, and hourly and daily work."
        " --once: run the jobs that are due."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: object, once: bool, **options: object) -> None:
        if once:
            self.stdout.write(f"{run_due()} jobs tried.")
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        threads = [
            threading.Thread(target=repeat, args=(partial(run_due, queue), JOBS_SECONDS, stop))
            for queue in QUEUES
        ]
        for thread in threads:
            thread.start()
        repeat(partial(periodic.run_due, stop.is_set), PERIODIC_SECONDS, stop)
        for thread in threads:
            thread.join()


def repeat(work: Callable[[], int], pause: float, stop: threading.Event) -> None:
    """Do the work every `pause` seconds until `stop` is set.

    An error sets it too, so that all threads stop and the process is restarted.
    """
    try:
        while not stop.is_set():
            try:
                work()
            except Error as error:  # the database is down: wait for it
                log.error("the worker waits for the database: %s", describe(error))
                close_old_connections()
                stop.wait(DATABASE_SECONDS)
            stop.wait(pause)
    finally:
        stop.set()
