"""A real clamd with one signature of our own, and one that answers as it is told."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from portaal.gateways.scanner.clamd import Clamd, ClamdEndpoint
from portaal.gateways.scanner.standin import EICAR

STREAM_MAX = 1024 * 1024
START_SECONDS = 30


@contextmanager
def real_clamd(folder: Path) -> Iterator[ClamdEndpoint]:
    """Debian's clamd, knowing the EICAR test file and nothing else. Where it is not installed the test says so."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if program is None:
        pytest.skip("clamd is not here: tools/debian.sh clamav-daemon")
    (folder / "signatures").mkdir()
    (folder / "signatures" / "own.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "clamd.conf").write_text(
        f"DatabaseDirectory {folder}/signatures\nLocalSocket {folder}/clamd.ctl\nTCPAddr 127.0.0.1\nTCPSocket {port}\n"
        f"Foreground yes\nStreamMaxLength {STREAM_MAX}\nAlertExceedsMax yes\nTemporaryDirectory {folder}\n"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, "-c", str(folder / "clamd.conf")], stdout=log, stderr=log
        )
    try:
        _wait_for(folder, process)
        yield ClamdEndpoint(path=f"{folder}/clamd.ctl")
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(folder: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with suppress(OSError):
            Clamd(ClamdEndpoint(path=f"{folder}/clamd.ctl")).scan([b"here?"])
            return
        time.sleep(0.1)
    raise AssertionError((folder / "log").read_text())


@contextmanager
def told_clamd(
    folder: Path, answer: bytes | None, *, early: bool = False
) -> Iterator[ClamdEndpoint]:
    """A clamd that takes a stream and answers this; None: it never answers. `early`: without reading the stream."""
    path = folder / "told.ctl"
    done = threading.Event()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            with suppress(OSError):
                while not done.is_set():
                    line, _address = listener.accept()
                    with line:
                        if not early:
                            _read_stream(line)
                        if answer is None:
                            done.wait(60)
                        else:
                            line.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield ClamdEndpoint(path=str(path))
        finally:
            done.set()
            with suppress(OSError), socket.socket(socket.AF_UNIX) as last:
                last.connect(str(path))
                last.sendall(b"zINSTREAM\0" + bytes(4))
            thread.join(timeout=30)


def _read_stream(line: socket.socket) -> None:
    with line.makefile("rb") as stream:
        stream.read(len(b"zINSTREAM\0"))
        while length := int.from_bytes(stream.read(4), "big"):
            stream.read(length)
