"""ClamAV's daemon over its own socket, by INSTREAM: the portal writes no clear byte for it and shows it no file."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from . import ScannerAway

ANSWER_SECONDS = 60  # for one whole file; less than a job's lease
REPLY_BYTES = 4096
# What clamd calls a finding but is a file that it did not look at to the end (AlertExceedsMax).
NOT_ALL = "Heuristics.Limits.Exceeded"


@dataclass(frozen=True)
class Place:
    """A unix socket, or a host and port. Parse `clamd:/run/clamav/clamd.ctl` or `clamd://127.0.0.1:3310`."""

    path: str = ""
    host: str = ""
    port: int = 0

    @classmethod
    def parse(cls, text: str) -> Place:
        """Raises ValueError with what is wrong, to read after the setting's name."""
        words = "must be like clamd:/run/clamav/clamd.ctl or clamd://127.0.0.1:3310"
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port or 0
        except ValueError:
            raise ValueError(words) from None
        if parts.scheme != "clamd" or parts.query or parts.fragment or bool(host) != bool(port):
            raise ValueError(words)
        if host and parts.path in ("", "/"):
            return cls(host=host, port=port)
        if not host and parts.path.startswith("/"):
            return cls(path=parts.path)
        raise ValueError(words)


class Clamd:
    def __init__(self, place: Place, seconds: float = 0) -> None:
        self.place, self.seconds = place, seconds or ANSWER_SECONDS

    def scan(self, chunks: Iterable[bytes]) -> str:
        """Sends the bytes as they come. Raises ScannerAway; what goes wrong in reading `chunks` is raised as it is."""
        until = time.monotonic() + self.seconds
        with self._connected() as line:
            whole = self._pour(line, chunks, until)
            found = _found(self._reply(line, until))
        if not whole and not found:
            raise ScannerAway("clamd answered before it had the whole file")
        return found

    def _pour(self, line: socket.socket, chunks: Iterable[bytes], until: float) -> bool:
        """Whether clamd took everything. When it did not, its reply may say why."""
        whole = self._send(line, b"zINSTREAM\0", until)
        for chunk in filter(None, chunks):  # an empty one would say that this was all
            whole = whole and self._send(line, len(chunk).to_bytes(4, "big") + chunk, until)
            if not whole:
                return False
        return self._send(line, bytes(4), until)

    def _connected(self) -> socket.socket:
        line = socket.socket(socket.AF_UNIX if self.place.path else socket.AF_INET)
        line.settimeout(self.seconds)
        try:
            line.connect(self.place.path or (self.place.host, self.place.port))
        except OSError as fault:
            line.close()
            raise ScannerAway(f"clamd is away: {fault}") from fault
        return line

    def _send(self, line: socket.socket, data: bytes, until: float) -> bool:
        try:
            line.settimeout(max(0.01, until - time.monotonic()))
            line.sendall(data)
        except OSError:
            return False
        return True

    def _reply(self, line: socket.socket, until: float) -> str:
        reply = b""
        try:
            while not reply.endswith(b"\0") and len(reply) < REPLY_BYTES:
                line.settimeout(max(0.01, until - time.monotonic()))
                if not (part := line.recv(REPLY_BYTES)):
                    break
                reply += part
        except OSError as fault:
            raise ScannerAway(f"clamd did not answer: {fault}") from fault
        if not reply.endswith(b"\0"):
            raise ScannerAway("clamd broke off its answer")
        return reply[:-1].decode("utf-8", "replace")


def _found(reply: str) -> str:
    """From 'stream: OK', 'stream: <name> FOUND' or anything else, which is no answer."""
    if reply == "stream: OK":
        return ""
    if reply.startswith("stream: ") and reply.endswith(" FOUND") and NOT_ALL not in reply:
        return reply.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerAway(f"clamd could not look at it: {reply[:200]}")
