"""The portal of a given source tree with the demo office, served at a fixed moment."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

CLOCK = Path(__file__).parent / "clock"
# The demo is loaded on one day, its e-mails leave an hour later, the screens are of the next day.
LOADED = "2026-03-10T09:00:05+00:00"
MAILED = "2026-03-10T10:00:05+00:00"
SERVED = "2026-03-11T08:30:05+00:00"
LATER = "2026-03-11T08:30:40+00:00"
BASE_URL = "http://localhost:8000"  # in e-mails; the server listens elsewhere
UP_WITHIN = 60  # seconds
QUIET_SECONDS = 1  # of a notice before its e-mail
LOST = "SMTPRecipientsRefused: {'roos@example.nl': (550, b'5.1.1 User unknown')}"
LOSE = """UPDATE jobs_job
  SET state = 'dead', attempts = 1, finished_at = '2026-03-10 10:00:05', error = ?
  WHERE id = (SELECT id FROM jobs_job WHERE task LIKE ? ORDER BY created_at LIMIT 1)"""


@dataclass(frozen=True)
class Tree:
    """A source tree, and the folder of one portal's data."""

    source: Path
    data: Path

    def environment(self, moment: str) -> dict[str, str]:
        """Return the environment of a process of the portal that starts at this moment."""
        others = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PORTAAL_", "DJANGO_", "DATABASE_URL"))
        }
        temporary = Path(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 - read by Python itself
        return others | {
            "PYTHONPATH": f"{CLOCK}:{self.source / 'src'}",
            "PYTHONPYCACHEPREFIX": str(temporary / "shots-pycache"),
            "SHOTS_CLOCK": moment,
            "PORTAAL_MODE": "demo",
            "PORTAAL_DATA_DIR": str(self.data),
            "PORTAAL_BASE_URL": BASE_URL,
            "PORTAAL_NOTICE_QUIET_SECONDS": str(QUIET_SECONDS),
        }

    def command(self, moment: str, *words: str) -> None:
        """Run one command of the portal."""
        subprocess.run(
            [sys.executable, "-m", "portaal", *words],
            env=self.environment(moment),
            cwd=self.data,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def load(tree: Tree, languages: list[str]) -> dict[str, Tree]:
    """Load the demo office once for each language, everybody in it with that language."""
    for words in (["collectstatic", "--no-input", "-v0"], ["migrate", "-v0"], ["demo"]):
        tree.command(LOADED, *words)
    trees = {}
    for language in languages:
        copy = Tree(tree.source, tree.data.with_name(f"loaded-{language}"))
        shutil.copytree(tree.data, copy.data)
        with sqlite3.connect(copy.data / "portaal.sqlite3") as database:
            database.execute("UPDATE identity_user SET language = ?", [language])
            for task in ("%.send_invitation", "%.send_news"):
                database.execute(LOSE, [LOST, task])
        database.close()
        copy.command(MAILED, "worker", "--once")
        trees[language] = copy
    return trees


@dataclass(frozen=True)
class Portal:
    """A running portal."""

    url: str
    tree: Tree
    works: Iterator[int] = field(default_factory=count)

    def mails(self) -> list[dict[str, Any]]:
        """Return every e-mail of the demonstration mailbox, oldest first."""
        with urllib.request.urlopen(f"{self.url}/postvak/berichten.json") as answer:  # noqa: S310
            return list(reversed(json.load(answer)))

    def work(self) -> None:
        """Do the background work that is due, each time one second later than before.

        Jobs are due by the clock of the database, which is not fixed.
        """
        time.sleep(QUIET_SECONDS)
        moment = datetime.fromisoformat(LATER) + timedelta(seconds=next(self.works))
        self.tree.command(moment.isoformat(), "worker", "--once")


@contextmanager
def serve(loaded: Tree, data: Path) -> Iterator[Portal]:
    """Serve a copy of a loaded demo office, without a worker beside it."""
    tree = Tree(loaded.source, data)
    shutil.copytree(loaded.data, data)
    port = _free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "portaal.wsgi:application"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"),
        *("--http1-buffer-size", "65536", "--no-ws", "--log-level", "error"),
    ]
    environment = tree.environment(SERVED)
    with (data / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, cwd=data, stdout=log, stderr=log)
        try:
            _wait_for(f"http://localhost:{port}/gezondheid", server)
            yield Portal(f"http://localhost:{port}", tree)
        finally:
            server.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                server.wait(15)
            server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + UP_WITHIN
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the portal did not start")
