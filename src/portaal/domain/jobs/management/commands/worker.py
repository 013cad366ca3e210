import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from portaal.domain.jobs.worker import log, run_due

IDLE_SECONDS = 0.5


class Command(BaseCommand):
    help = "Does the background work (e-mails) until it is stopped; --once does what is due and ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{run_due()} jobs tried.")
            return
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            try:
                run_due()
            except Error as fault:  # the database away: wait for it
                log.error("the worker waits for the database: %s", fault)
                close_old_connections()
                stop.wait(5)
            stop.wait(IDLE_SECONDS)
