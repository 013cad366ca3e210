import logging
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

log = logging.getLogger("portaal.serve")

LOG_CONFIGS = Path(__file__).parents[2] / "server_log"  # of the web server, by our log format
END_WITHIN = 10  # seconds for a process to end by itself
YOUNG = 3  # seconds: a web server that ends sooner cannot start at all
# Bytes the web server reads ahead on a connection: one segment. The head of a request must fit.
# Its allocator keeps buffers for a while, so larger ones made processes grow (measurements.md).
AHEAD = 64 * 1024


class Command(BaseCommand):
    help = "Serve the portal and run its background work, until Ctrl-C stops both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        port = urlsplit(settings.BASE_URL).port or 8000
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=port)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: object, host: str, port: int, workers: int, **options: object) -> None:
        if _is_taken(host, port):
            text = (
                f"Port {port} is in use by another program. Stop that, or choose one with --port."
            )
            raise CommandError(text)
        web = web_command("portaal.wsgi:application", host, port, workers)
        worker = [sys.executable, "-m", "portaal", "worker"]
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        self.stopping = False
        processes = {"web": _start(web), "worker": _start(worker)}
        started = time.monotonic()
        self._welcome(port)
        try:
            while not self.stopping:
                if processes["worker"].poll() is not None:
                    log.error("the worker ended; it is started again")
                    processes["worker"] = _start(worker)
                if processes["web"].poll() is not None:
                    if time.monotonic() - started < YOUNG:
                        raise CommandError("The web server ended as soon as it was started.")
                    log.error("the web server ended; it is started again")
                    processes["web"], started = _start(web), time.monotonic()
                time.sleep(0.2)
        finally:
            for process in processes.values():
                process.send_signal(signal.SIGTERM)
            for process in processes.values():
                _end(process)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _welcome(self, port: int) -> None:
        where = f"http://localhost:{port}"
        self.stdout.write(f"\n  Clients   {where}/\n  Office    {where}/kantoor/")
        if not settings.PRODUCTION:
            self.stdout.write(f"  Mailbox   {where}/postvak/")
        if settings.DEMO:
            self.stdout.write(f"\n  Every demo login has the password {settings.DEMO_PASSWORD}")
            for role, address in settings.DEMO_LOGINS + settings.DEMO_STAFF:
                self.stdout.write(f"    {address:32} {role}")
        self.stdout.write("")


def web_command(application: str, host: str, port: int, workers: int) -> list[str]:
    """Return the command line of the web server; `make bench` measures the same one."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", application),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", "8", "--http1-buffer-size", str(AHEAD)),
        *("--no-ws", "--no-access-log"),  # its access log would hold paths and queries
        *("--log-level", "error", "--log-config", str(LOG_CONFIGS / f"{settings.LOG_FORMAT}.json")),
        "--respawn-failed-workers",  # a process that dies loses its own requests only
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
    # A process group of its own: Ctrl-C reaches this process only, which stops the others in order.
    return subprocess.Popen(command, env=os.environ, process_group=0)  # noqa: S603 - ours


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(END_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
