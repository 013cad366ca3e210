"""A real clamd with one signature of our own, and a fake one with a fixed answer."""

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
    """Run Debian's clamd with a signature for the EICAR test file only.

    Skips the test if clamd is not installed.
    """
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if program is None:
        pytest.skip("clamd is not here: tools/debian.sh clamav-daemon")
    (folder / "signatures").mkdir()
    (folder / "signatures" / "own.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "clamd.conf").write_text(
        f"DatabaseDirectory {folder}/signatures\n"
        f"LocalSocket {folder}/clamd.ctl\n"
        f"TCPAddr 127.0.0.1\nTCPSocket {port}\n"
        f"Foreground yes\n"
        f"StreamMaxLength {STREAM_MAX}\n"
        f"AlertExceedsMax yes\n"
        f"TemporaryDirectory {folder}\n"
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
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with suppress(OSError):
            Clamd(ClamdEndpoint(path=f"{folder}/clamd.ctl")).scan([b"here?"])
            return
        time.sleep(0.1)
    raise AssertionError((folder / "log").read_text())


@contextmanager
def fake_clamd(
    folder: Path, answer: bytes | None, *, early: bool = False
) -> Iterator[ClamdEndpoint]:
    """Run a server that reads a stream and sends this answer, or none if it is None.

    With `early` it answers without reading the stream.
    """
    path = folder / "fake.ctl"
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
