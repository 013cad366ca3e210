"""The real portal in a folder of its own, as a process that can be killed, and what is found in it afterwards."""

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
UP_WITHIN = 60  # seconds; a portal that takes longer is called down
NUMBERS = itertools.count(1)
LANES = 6  # at most


class Portal:
    """A data folder with a database (SQLite in it, or a fresh one of the PostgreSQL that DATABASE_URL names)."""

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
            "PORTAAL_FREE_SPACE_MB": "0",  # a small disk is part of the trial
            "PORTAAL_MESSAGES_HOUR": "100000",  # a lane writes as many in a minute as a client does in a year
            "PORTAAL_MESSAGES_DAY": "100000",
            "PORTAAL_TRUSTED_PROXIES": "1",  # so that each visitor can come from a network of its own
            **environment,
        }
        self.server: subprocess.Popen[bytes] | None = None
        self.clerk: subprocess.Popen[str] | None = None

    # Commands

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """`portaal …` in this folder. With `check`, what it says on failing is raised."""
        return self.python("-m", "portaal", *command, check=check)

    def python(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Python in the portal's environment, from the project's folder."""
        whole = [sys.executable, *command]
        done = subprocess.run(
            whole, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            raise AssertionError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
        return done

    def move_in(self, lanes: int) -> dict[str, Any]:
        """The tables, the cast of the tests, and a client for each lane; says what the lanes need to know."""
        office, world = _office()
        assert lanes <= LANES
        shutil.copytree(office.data, self.data, ignore=shutil.ignore_patterns("static"))
        (self.data / "static").symlink_to(
            office.data / "static"
        )  # what lies in a portal's folder is its data alone
        return world

    def facts(self) -> dict[str, Any]:
        """What is in the database and the store now (tests/prove/facts.py)."""
        return json.loads(self.python("-m", "tests.prove.facts").stdout)

    def later(self, how: str) -> str:
        """What tests/prove/later.py answers to this. It stays: starting it takes far longer than its answer."""
        if not self.clerk:
            command = [sys.executable, "-m", "tests.prove.later"]
            pipe = subprocess.PIPE
            self.clerk = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdin=pipe, stdout=pipe, text=True
            )
        assert self.clerk.stdin
        assert self.clerk.stdout
        self.clerk.stdin.write(f"{how}\n")
        self.clerk.stdin.flush()
        return self.clerk.stdout.readline()

    def faults(self) -> list[str]:
        """What the portal's own commands find wrong (tests/prove/own_word.py); an empty list when all is well."""
        return list(json.loads(self.python("-m", "tests.prove.own_word").stdout))

    # The server

    def start(self, *, workers: int = 2) -> None:
        """`portaal serve`, until it answers."""
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
        self.await_up()

    def await_up(self) -> None:
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
        """Status and text of a page, asked by nobody in particular."""
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
        """The pids by part: 'serve', 'web' (the listener), 'workers' (of the web), 'jobs'."""
        assert self.server
        found: dict[str, list[int]] = {
            "serve": [self.server.pid],
            "web": [],
            "workers": [],
            "jobs": [],
        }
        for child in _children(self.server.pid):
            part = "web" if "granian" in _command(child) else "jobs"
            found[part].append(child)
            if part == "web":
                found["workers"] += _children(child)
        return found

    def kill(self) -> int:
        """kill -9 of everything; returns how many processes."""
        pids = list(dict.fromkeys(pid for part in self.processes().values() for pid in part))
        for pid in pids:
            kill(pid)
        assert self.server
        self.server.wait()
        for pid in pids:
            _await_end(pid)
        return len(pids)

    def stop(self) -> None:
        """Ctrl-C."""
        if self.is_running():
            assert self.server
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(30)


@contextmanager
def portals() -> Iterator[Any]:
    """Yields `make(lanes, …) -> (portal, world)`; every portal that was made is ended and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="portaal-prove-", ignore_cleanup_errors=True) as folder:
        made: list[Portal] = []

        def make(
            lanes: int = 1, *, data: Path | None = None, **options: str
        ) -> tuple[Portal, dict[str, Any]]:
            database = _fresh_database(_office()[0].environment.get("DATABASE_URL"))
            portal = Portal(data or Path(folder) / f"portal-{next(NUMBERS)}", **options, **database)
            made.append(portal)
            return portal, portal.move_in(lanes)

        try:
            yield make
        finally:
            for portal in made:
                if portal.is_running():
                    portal.kill()
                if portal.clerk:
                    portal.clerk.communicate()  # it ends when nothing more is asked


def kill(pid: int, how: int = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def _office() -> tuple[Portal, dict[str, Any]]:
    """The portal that every other of this run begins as a copy of, and what the lanes need to know of it."""
    home = tempfile.TemporaryDirectory(prefix="portaal-prove-office-")
    atexit.register(home.cleanup)
    portal = Portal(Path(home.name), **_fresh_database())
    portal.run("collectstatic", "--no-input", "-v0")
    portal.run("migrate", "-v0")
    return portal, json.loads(portal.python("-m", "tests.prove.seed", str(LANES)).stdout)


def _fresh_database(like: str | None = None) -> dict[str, str]:
    """A database of its own on the PostgreSQL that was given, empty or like another (its address); nothing to say where the
    portal keeps its own SQLite."""
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


def _await_end(pid: int) -> None:
    while _command(pid):  # a zombie has none
        time.sleep(0.005)


def copy_of(portal: Portal, folder: Path) -> Portal:
    """The same portal in a copy of its folder; only while nothing runs in it."""
    shutil.copytree(portal.data, folder, symlinks=True)
    twin = Portal(folder)
    twin.environment = {**portal.environment, "PORTAAL_DATA_DIR": str(folder)}
    return twin
