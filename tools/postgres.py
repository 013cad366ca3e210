"""Command `python tools/postgres.py -- COMMAND`: run it with a temporary PostgreSQL.

The cluster is in a temporary folder, listens on a free loopback port, and trades durability for
speed. It ends with the command, with a failed start, and on Ctrl-C or SIGTERM. DATABASE_URL holds
its address. PostgreSQL refuses to run as root, so root runs it as the user `postgres`.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

SERVER_USER = "postgres"
START_SECONDS = 30
INITDB = ("-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
# Tests commit nothing: a vacuum would see empty tables and spoil the plans for minutes.
QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=200",
)
DURABLE = ("max_connections=200",)  # as an office would run it, for measurements


def main() -> int:
    command = sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _leave)
    with cluster() as (url, _process):
        child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
        try:
            return _code(child.wait())
        except BaseException:  # Ctrl-C reaches the child too, SIGTERM does not
            child.terminate()
            child.wait()
            raise


@contextmanager
def cluster(manner: tuple[str, ...] = QUICK) -> Iterator[tuple[str, int]]:
    """Yield the URL and the process id of a running, empty PostgreSQL, and end it."""
    folder = Path(tempfile.mkdtemp(prefix="portaal-pg-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        password, port = secrets.token_urlsafe(16), _free_port()
        given = folder / "password"
        given.write_text(password)
        if _identity():
            shutil.chown(folder, SERVER_USER)
            shutil.chown(given, SERVER_USER)
        _make(folder, given)
        server = _start(folder, port, manner)
        _await(server, port, folder)
        yield f"postgresql://portaal:{password}@127.0.0.1:{port}/postgres", server.pid
    finally:
        if server:
            _end(server)
        shutil.rmtree(folder, ignore_errors=True)


def _make(folder: Path, given: Path) -> None:
    subprocess.run(
        [
            _program("initdb"),
            "-D",
            folder / "data",
            "-U",
            "portaal",
            "-A",
            "scram-sha-256",
            f"--pwfile={given}",
            *INITDB,
        ],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        **_identity(),
    )


def _start(folder: Path, port: int, manner: tuple[str, ...]) -> subprocess.Popen[bytes]:
    settings = (
        "listen_addresses=127.0.0.1",
        f"port={port}",
        f"unix_socket_directories={folder}",
        *manner,
    )
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [
                _program("postgres"),
                "-D",
                folder / "data",
                *(word for each in settings for word in ("-c", each)),
            ],
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the command; the server ends after it
            **_identity(),
        )


def _await(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    for _ in range(START_SECONDS * 20):
        if server.poll() is not None:
            break
        pidfile = folder / "data" / "postmaster.pid"
        if pidfile.exists() and pidfile.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.05)
    raise SystemExit(f"PostgreSQL did not start on port {port}:\n{(folder / 'log').read_text()}")


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the server, with a stronger signal each time it does not obey."""
    for how, seconds in ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if server.poll() is None:
            server.send_signal(how)
            try:
                server.wait(seconds)
            except subprocess.TimeoutExpired:
                continue


def _identity() -> dict[str, Any]:
    """Return the user for the server: `postgres` for root, otherwise the current one."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam(SERVER_USER)
    except KeyError:
        raise SystemExit(f"PostgreSQL does not run as root, and there is no user {SERVER_USER}.")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _program(name: str) -> str:
    path = find_program(name)
    if not path:
        raise SystemExit(
            f"PostgreSQL's {name} was not found: install PostgreSQL "
            "(Debian: apt-get install postgresql)."
        )
    return path


def find_program(name: str) -> str | None:
    """Return the newest version of a server program.

    Debian keeps them outside the PATH, one folder per version.
    """
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(path.parent.name.split(".")[0]),
    )
    return shutil.which(name, path=os.pathsep.join(map(str, reversed(versions)))) or shutil.which(
        name
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _code(returned: int) -> int:
    return returned if returned >= 0 else 128 - returned


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
