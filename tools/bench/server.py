"""Measured servers, and the use of resources by their processes (Linux)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portaal.web.management.commands.serve import web_command

ROOT = Path(__file__).parent.parent.parent
WORKERS = 2
START_SECONDS = 60
SAMPLE_SECONDS = 0.02


def environment(
    folder: Path, database_url: str | None, *, static: Path, **more: str
) -> dict[str, str]:
    """Return the environment of a production portal with its data in `folder`.

    It holds none of this machine's own settings.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PORTAAL_") and name != "DATABASE_URL"
    }
    kept |= {
        "PORTAAL_MODE": "production",
        "PORTAAL_BASE_URL": "https://portaal.example.nl",
        "PORTAAL_DATA_DIR": str(folder),
        "PORTAAL_SMTP_URL": "smtp://localhost:25",  # no worker runs, so nothing is sent
        "PORTAAL_MAIL_FROM": "portaal@example.nl",
        "PORTAAL_SCANNER": "clamd://localhost:3310",  # nothing is scanned either
        "PORTAAL_MESSAGES_HOUR": "300",  # one client sends all measured messages
        "PORTAAL_MESSAGES_DAY": "300",
        "PORTAAL_UPLOAD_DAY_MB": "1000",
        "DJANGO_SETTINGS_MODULE": "tools.bench.settings",
        "BENCH_STATIC": str(static),
    }
    return kept | ({"DATABASE_URL": database_url} if database_url else {}) | more


class Server:
    """A running server with its processes, their processor time and their memory."""

    def __init__(
        self, process: subprocess.Popen[bytes], port: int, postmaster: int | None = None
    ) -> None:
        self.process, self.port, self.postmaster = process, port, postmaster

    def pids(self) -> list[int]:
        return [self.process.pid, *children(self.process.pid)]

    def cpu(self) -> float:
        """Return the seconds of processor time that the processes have used."""
        return sum(map(cpu, self.pids()))

    def database_cpu(self) -> float:
        """Return those of the database; 0 for SQLite, which runs inside the server."""
        return sum(map(cpu, children(self.postmaster))) if self.postmaster else 0.0


@contextmanager
def portal(env: dict[str, str], postmaster: int | None = None) -> Iterator[Server]:
    port = free_port()
    command = web_command("tools.bench.wsgi:application", "127.0.0.1", port, WORKERS)
    with _running(command, port, env) as process:
        yield Server(process, port, postmaster)


@contextmanager
def nginx(folder: Path) -> Iterator[Server]:
    """Run nginx with Debian's configuration, serving the files of a folder."""
    port, home = free_port(), folder / "nginx"
    home.mkdir()
    config = home / "nginx.conf"
    config.write_text(
        f"worker_processes {WORKERS}; pid {home}/pid; daemon off; error_log {home}/log;\n"
        f"{'user root;' if os.geteuid() == 0 else ''}\n"
        "events { worker_connections 768; }\n"
        f"http {{ sendfile on; tcp_nopush on; access_log off;"
        f" client_body_temp_path {home}/a; proxy_temp_path {home}/b;"
        f" fastcgi_temp_path {home}/c; uwsgi_temp_path {home}/d; scgi_temp_path {home}/e;\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n"
    )
    with _running(
        [str(nginx_program()), "-p", str(home), "-c", str(config)], port, dict(os.environ)
    ) as process:
        yield Server(process, port)


def nginx_program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def peak(server: Server) -> Iterator[dict[int, list[int]]]:
    """Yield {pid: [bytes before, maximum since]} of resident memory while the block runs."""
    seen = {pid: [rss(pid)] * 2 for pid in server.pids()}
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(SAMPLE_SECONDS):
            for pid, amounts in seen.items():
                amounts[1] = max(amounts[1], rss(pid))

    watcher = threading.Thread(target=look)
    seen = {pid: [rss(pid), rss(pid)] for pid in seen}
    watcher.start()
    try:
        yield seen
    finally:
        stop.set()
        watcher.join()


def cpu(pid: int) -> float:
    """Return the seconds of processor time of a process and its threads; 0 if it ended."""
    try:
        return time.clock_gettime(
            (~pid << 3) | 2
        )  # the clock of another process, see clock_getcpuclockid(3)
    except OSError:
        return 0.0


def rss(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (FileNotFoundError, ProcessLookupError):
        return 0


def children(pid: int) -> list[int]:
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return [
            int(child) for thread in threads for child in (thread / "children").read_text().split()
        ]
    except FileNotFoundError:
        return []


def run(module: Iterable[str], env: dict[str, str]) -> str:
    """Run a Python module to its end and return its output."""
    done = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(
    command: list[str], port: int, env: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        _await(process, port)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{process.args} did not start")
