"""`portaal serve` checks its port, and its web server respects its buffer size."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from portaal.domain.files.sealing import SEGMENT_BYTES
from portaal.faces.shared.uploads.tus import CHUNK
from portaal.web.management.commands.serve import AHEAD, web_command

UP_WITHIN = 30  # seconds


def test_port_in_use_is_explained():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is in use"):
            call_command("serve", "--port", str(port))


def test_read_ahead_equals_segment_size():
    assert AHEAD == CHUNK == SEGMENT_BYTES


@pytest.mark.parametrize(
    ("size", "answer"), [(AHEAD // 2, b"HTTP/1.1 200"), (AHEAD + 1, b"HTTP/1.1 431")]
)
def test_head_of_request_fits_in_read_ahead(any_server: int, size: int, answer: bytes):
    with socket.create_connection(("127.0.0.1", any_server), UP_WITHIN) as browser:
        browser.sendall(
            b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"a" * size + b"\r\n\r\n"
        )
        assert browser.recv(len(answer)) == answer


@pytest.fixture(scope="module")
def any_server() -> Iterator[int]:
    """Yield the port of the web server with an application that answers everything."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        web_command("wsgiref.simple_server:demo_app", "127.0.0.1", port, workers=1)
    )
    try:
        _await(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + UP_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the web server did not start")
