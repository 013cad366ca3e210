"""ClamAV's daemon over its socket, with INSTREAM.

The portal writes no plain bytes to disk for it and gives it no file to read.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from . import ScannerUnavailable

ANSWER_SECONDS = 60  # for one whole file; less than a job's lease
REPLY_BYTES = 4096
# Reported as a virus, but the file was not scanned to its end (AlertExceedsMax).
INCOMPLETE = "Heuristics.Limits.Exceeded"


@dataclass(frozen=True)
class ClamdEndpoint:
    """A Unix socket (`path`), or a host and a port."""

    path: str = ""
    host: str = ""
    port: int = 0

    @classmethod
    def parse(cls, text: str) -> ClamdEndpoint:
        """Parse `clamd:/run/clamav/clamd.ctl` or `clamd://127.0.0.1:3310`.

        Raises ValueError with a text that follows the name of the setting.
        """
        message = "must be like clamd:/run/clamav/clamd.ctl or clamd://127.0.0.1:3310"
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port or 0
        except ValueError:
            raise ValueError(message) from None
        if parts.scheme != "clamd" or parts.query or parts.fragment or bool(host) != bool(port):
            raise ValueError(message)
        if host and parts.path in ("", "/"):
            return cls(host=host, port=port)
        if not host and parts.path.startswith("/"):
            return cls(path=parts.path)
        raise ValueError(message)


class Clamd:
    def __init__(self, endpoint: ClamdEndpoint, seconds: float = 0) -> None:
        self.endpoint, self.seconds = endpoint, seconds or ANSWER_SECONDS

    def scan(self, chunks: Iterable[bytes]) -> str:
        """Send the chunks as they come. Raises ScannerUnavailable, and the errors of `chunks`."""
        deadline = time.monotonic() + self.seconds
        with self._connect() as connection:
            is_complete = self._send_all(connection, chunks, deadline)
            signature = _signature(self._reply(connection, deadline))
        if not is_complete and not signature:
            raise ScannerUnavailable("clamd answered before it had the whole file")
        return signature

    def _send_all(
        self, connection: socket.socket, chunks: Iterable[bytes], deadline: float
    ) -> bool:
        """Send the stream. Return False if clamd did not take all of it; its reply may say why."""
        is_complete = self._send(connection, b"zINSTREAM\0", deadline)
        for chunk in filter(None, chunks):  # an empty chunk would end the stream
            frame = len(chunk).to_bytes(4, "big") + chunk
            is_complete = is_complete and self._send(connection, frame, deadline)
            if not is_complete:
                return False
        return self._send(connection, bytes(4), deadline)

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX if self.endpoint.path else socket.AF_INET)
        connection.settimeout(self.seconds)
        try:
            connection.connect(self.endpoint.path or (self.endpoint.host, self.endpoint.port))
        except OSError as error:
            connection.close()
            raise ScannerUnavailable(f"clamd is away: {error}") from error
        return connection

    def _send(self, connection: socket.socket, data: bytes, deadline: float) -> bool:
        try:
            connection.settimeout(max(0.01, deadline - time.monotonic()))
            connection.sendall(data)
        except OSError:
            return False
        return True

    def _reply(self, connection: socket.socket, deadline: float) -> str:
        reply = b""
        try:
            while not reply.endswith(b"\0") and len(reply) < REPLY_BYTES:
                connection.settimeout(max(0.01, deadline - time.monotonic()))
                if not (data := connection.recv(REPLY_BYTES)):
                    break
                reply += data
        except OSError as error:
            raise ScannerUnavailable(f"clamd did not answer: {error}") from error
        if not reply.endswith(b"\0"):
            raise ScannerUnavailable("clamd broke off its answer")
        return reply[:-1].decode("utf-8", "replace")


def _signature(reply: str) -> str:
    """Return the name in 'stream: <name> FOUND', or '' for 'stream: OK'.

    Raises ScannerUnavailable for any other reply.
    """
    if reply == "stream: OK":
        return ""
    if reply.startswith("stream: ") and reply.endswith(" FOUND") and INCOMPLETE not in reply:
        return reply.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerUnavailable(f"clamd could not look at it: {reply[:200]}")
