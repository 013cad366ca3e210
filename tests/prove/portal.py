"""The real portal in its own folder, as processes that can be killed."""

from __future__ import annotations

import atexit
import http.client
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
UP_WITHIN = 60  # seconds; a portal that takes longer counts as down
NUMBERS = itertools.count(1)
LANES = 6  # at most


class Portal:
    """A data folder with a database: SQLite, or a new one of the PostgreSQL in DATABASE_URL."""

    def __init__(
        self, data: Path, *, settings: str = "portaal.settings", **environment: str
    ) -> None:
        self.data, self.port = data, free_port()
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PORTAAL_", "DJANGO_"))
        }
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": settings,
            "PORTAAL_MODE": "development",
            "PORTAAL_DATA_DIR": str(data),
            "PORTAAL_BASE_URL": f"http://localhost:{self.port}",
            "PORTAAL_NOTICE_QUIET_SECONDS": "0",
            "PORTAAL_FREE_SPACE_MB": "0",  # small disks are part of the proof
            "PORTAAL_MESSAGES_HOUR": "100000",  # a lane sends more in a minute than a client a year
            "PORTAAL_MESSAGES_DAY": "100000",
            "PORTAAL_TRUSTED_PROXIES": "1",  # so that each visitor has its own network
            **environment,
        }
        self.server: subprocess.Popen[bytes] | None = None
        self.clock_process: subprocess.Popen[str] | None = None

    # Commands

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `portaal …` in this folder; with `check`, raise its output on failure."""
        return self.python("-m", "portaal", *command, check=check)

    def python(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run Python in the portal's environment, from the project's folder."""
        whole = [sys.executable, *command]
        done = subprocess.run(
            whole, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            raise AssertionError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
        return done

    def install(self, lanes: int) -> dict[str, Any]:
        """Copy tables, cast and lane clients into the folder; return the data that lanes need."""
        office, world = _office()
        assert lanes <= LANES
        shutil.copytree(office.data, self.data, ignore=shutil.ignore_patterns("static"))
        # Not copied, so that the folder holds only data.
        (self.data / "static").symlink_to(office.data / "static")
        return world

    def facts(self) -> dict[str, Any]:
        """Return the contents of the database and the store (tests/prove/facts.py)."""
        return json.loads(self.python("-m", "tests.prove.facts").stdout)

    def job_clock(self, command: str) -> str:
        """Return the answer of tests/prove/job_clock.py.

        Its process stays, as starting it takes far longer than its answer.
        """
        if not self.clock_process:
            program = [sys.executable, "-m", "tests.prove.job_clock"]
            pipe = subprocess.PIPE
            self.clock_process = subprocess.Popen(
                program, cwd=ROOT, env=self.environment, stdin=pipe, stdout=pipe, text=True
            )
        assert self.clock_process.stdin
        assert self.clock_process.stdout
        self.clock_process.stdin.write(f"{command}\n")
        self.clock_process.stdin.flush()
        return self.clock_process.stdout.readline()

    def self_check(self) -> list[str]:
        """Return the defects that the portal's own commands find (tests/prove/self_check.py)."""
        return list(json.loads(self.python("-m", "tests.prove.self_check").stdout))

    # The server

    def start(self, *, workers: int = 2) -> None:
        """Start `portaal serve` and wait until it answers."""
        command = [
            sys.executable,
            "-m",
            "portaal",
            "serve",
            "--port",
            str(self.port),
            "--workers",
            str(workers),
        ]
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            self.server = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until_up()

    def wait_until_up(self) -> None:
        end = time.monotonic() + UP_WITHIN
        while time.monotonic() < end:
            if not self.is_running():
                raise AssertionError(f"the portal ended by itself:\n{self.log()[-3000:]}")
            with suppress(OSError, http.client.HTTPException):
                if self.get("/gezondheid")[0] in (200, 503):
                    return
            time.sleep(0.02)
        raise AssertionError(
            f"the portal did not answer within {UP_WITHIN} s:\n{self.log()[-3000:]}"
        )

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page, without a session."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def is_running(self) -> bool:
        return self.server is not None and self.server.poll() is None

    def log(self) -> str:
        return (self.data.parent / f"{self.data.name}.log").read_text(errors="replace")

    def processes(self) -> dict[str, list[int]]:
        """Return the pids by part.

        The parts are "serve", "web" (the listener), "workers" (of the web) and "jobs".
        """
        assert self.server
        processes: dict[str, list[int]] = {
            "serve": [self.server.pid],
            "web": [],
            "workers": [],
            "jobs": [],
        }
        for child in _children(self.server.pid):
            part = "web" if "granian" in _command(child) else "jobs"
            processes[part].append(child)
            if part == "web":
                processes["workers"] += _children(child)
        return processes

    def kill(self) -> int:
        """Kill every process with SIGKILL; return how many."""
        pids = list(dict.fromkeys(pid for part in self.processes().values() for pid in part))
        for pid in pids:
            kill(pid)
        assert self.server
        self.server.wait()
        for pid in pids:
            _wait_for_end(pid)
        return len(pids)

    def stop(self) -> None:
        """End the portal with SIGTERM."""
        if self.is_running():
            assert self.server
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(30)


@contextmanager
def portals() -> Iterator[Any]:
    """Yield `make(lanes, …) -> (portal, world)`; end and remove the made portals afterwards."""
    with tempfile.TemporaryDirectory(prefix="portaal-prove-", ignore_cleanup_errors=True) as folder:
        made: list[Portal] = []

        def make(
            lanes: int = 1, *, data: Path | None = None, **options: str
        ) -> tuple[Portal, dict[str, Any]]:
            database = _fresh_database(_office()[0].environment.get("DATABASE_URL"))
            portal = Portal(data or Path(folder) / f"portal-{next(NUMBERS)}", **options, **database)
            made.append(portal)
            return portal, portal.install(lanes)

        try:
            yield make
        finally:
            for portal in made:
                if portal.is_running():
                    portal.kill()
                if portal.clock_process:
                    portal.clock_process.communicate()  # ends at the end of its input


def kill(pid: int, how: int = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def _office() -> tuple[Portal, dict[str, Any]]:
    """Return the portal that others are copied from, and the data that lanes need."""
    home = tempfile.TemporaryDirectory(prefix="portaal-prove-office-")
    atexit.register(home.cleanup)
    portal = Portal(Path(home.name), **_fresh_database())
    portal.run("collectstatic", "--no-input", "-v0")
    portal.run("migrate", "-v0")
    return portal, json.loads(portal.python("-m", "tests.prove.seed", str(LANES)).stdout)


def _fresh_database(like: str | None = None) -> dict[str, str]:
    """Return the setting of a new database on the given PostgreSQL, empty or a copy of `like`.

    Empty where the portal uses its own SQLite.
    """
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        return {}
    import psycopg

    name = f"prove_{os.getpid()}_{next(NUMBERS)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{like.rpartition("/")[2]}"' if like else "")
        )
    return {"DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}


def _children(pid: int) -> list[int]:
    with suppress(FileNotFoundError, ProcessLookupError):
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    return []


def _command(pid: int) -> str:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def _wait_for_end(pid: int) -> None:
    while _command(pid):  # empty for a zombie
        time.sleep(0.005)


def copy_of(portal: Portal, folder: Path) -> Portal:
    """Return a portal in a copy of the folder; the original must not be running."""
    shutil.copytree(portal.data, folder, symlinks=True)
    copy = Portal(folder)
    copy.environment = {**portal.environment, "PORTAAL_DATA_DIR": str(folder)}
    return copy
