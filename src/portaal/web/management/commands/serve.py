import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

END_WITHIN = 10  # seconds a process gets to end by itself
YOUNG = 3  # seconds; a web server that ends sooner cannot start at all
# Bytes that the web server reads ahead of a connection: a segment of the seal, and the head of a request must fit in it. Its own
# allocator keeps for a while what it read them into, so with larger buffers a process grew (docs/measurements.md, Memory).
AHEAD = 64 * 1024


class Command(BaseCommand):
    help = "Serves the portal and does its background work, until Ctrl-C ends both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        port = urlsplit(settings.BASE_URL).port or 8000
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=port)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        if _is_taken(options["host"], options["port"]):
            raise CommandError(
                f"Port {options['port']} is in use by another program. Stop that, or choose one with --port."
            )
        web = web_command(
            "portaal.wsgi:application", options["host"], options["port"], options["workers"]
        )
        worker = [sys.executable, "-m", "portaal", "worker"]
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        self.stopping = False
        processes = {"web": _start(web), "worker": _start(worker)}
        started = time.monotonic()
        self._welcome(options["port"])
        try:
            while not self.stopping:
                if processes["worker"].poll() is not None:
                    self.stderr.write("The worker ended; it is started again.")
                    processes["worker"] = _start(worker)
                if processes["web"].poll() is not None:
                    if time.monotonic() - started < YOUNG:
                        raise CommandError("The web server ended as soon as it was started.")
                    self.stderr.write("The web server ended; it is started again.")
                    processes["web"], started = _start(web), time.monotonic()
                time.sleep(0.2)
        finally:
            for process in processes.values():
                process.send_signal(signal.SIGTERM)
            for process in processes.values():
                _end(process)

    def _stop(self, *_: Any) -> None:
        self.stopping = True

    def _welcome(self, port: int) -> None:
        where = f"http://localhost:{port}"
        self.stdout.write(f"\n  Clients   {where}/\n  Office    {where}/kantoor/")
        if not settings.PRODUCTION:
            self.stdout.write(f"  Mailbox   {where}/postvak/")
        if settings.DEMO:
            self.stdout.write(f"\n  Every demo login has the password {settings.DEMO_PASSWORD}")
            for what, address in settings.DEMO_LOGINS + settings.DEMO_STAFF:
                self.stdout.write(f"    {address:32} {what}")
        self.stdout.write("")


def web_command(application: str, host: str, port: int, workers: int) -> list[str]:
    """How the web server is started; `make bench` measures the same one."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", application),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *(
            "--blocking-threads",
            "8",
            "--http1-buffer-size",
            str(AHEAD),
            "--no-ws",
            "--log-level",
            "error",
        ),
        "--respawn-failed-workers",  # one process that dies takes its own requests with it, and nobody else's
    ]


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # A group of its own: Ctrl-C reaches this process alone, which then ends the others in order.
    return subprocess.Popen(command, env=os.environ, process_group=0)  # noqa: S603 - our own command line


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(END_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
