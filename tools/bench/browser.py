"""Minimal HTTP client, so that the figures are the server's."""

from __future__ import annotations

import re
import socket
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import uuid4

HOST = "portaal.example.nl"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
SECONDS = 120  # longer than any measured request


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    octets: int  # length of the body, also when it was discarded


class Browser:
    """HTTP client with cookies and one persistent connection."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port, self.cookies = port, dict(cookies or {})
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = memoryview(bytearray(1024 * 1024))

    def get(self, path: str, *, keep: bool = True) -> Answer:
        return self.ask("GET", path, keep=keep)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        body = urlencode(fields).encode()
        return self.ask("POST", path, [body], len(body), "application/x-www-form-urlencoded")

    def send_file(
        self,
        path: str,
        fields: dict[str, str],
        name: str,
        parts: Iterable[bytes],
        octets: int,
        *,
        field: str = "file",
    ) -> Answer:
        """Post a form with one file of `octets` bytes, in chunks."""
        edge = uuid4().hex
        lines = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        lines.append(
            f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        )
        head, tail = (
            ("".join(lines) + "Content-Type: application/pdf\r\n\r\n").encode(),
            f"\r\n--{edge}--\r\n".encode(),
        )
        length = len(head) + octets + len(tail)
        return self.ask(
            "POST", path, [head, *parts, tail], length, f"multipart/form-data; boundary={edge}"
        )

    def send_pieces(
        self, path: str, token: str, name: str, parts: Iterable[bytes], octets: int, piece: int
    ) -> str:
        """Upload a file by tus to `path`, in parts of `piece` bytes, and return its address."""
        common, source = {"Tus-Resumable": "1.0.0", "X-CSRFToken": token}, _Source(parts)
        metadata = f"filename {b64encode(name.encode()).decode()}"
        made = self.ask(
            "POST", path, more=common | {"Upload-Length": str(octets), "Upload-Metadata": metadata}
        )
        if made.status != 201:
            raise RuntimeError(f"the server answered {made.status}: {made.body.decode()}")
        where = dict(made.headers)["location"]
        for offset in range(0, octets, piece):
            size = min(piece, octets - offset)
            more = common | {"Upload-Offset": str(offset)}
            answer = self.ask(
                "PATCH",
                where,
                source.take(size),
                size,
                "application/offset+octet-stream",
                more=more,
            )
            if answer.status != 204:
                raise RuntimeError(f"the server answered {answer.status}: {answer.body.decode()}")
        return where

    def log_in(self, path: str, email: str, password: str) -> Answer:
        """Log in through the portal's login form."""
        return self.post(
            path, {"csrfmiddlewaretoken": self.token(path), "email": email, "password": password}
        )

    def token(self, path: str) -> str:
        """Return the CSRF token of the form on a page."""
        found = TOKEN.search(self.get(path).body)
        if not found:
            raise RuntimeError(f"{path} shows no form")
        return found[1].decode()

    def ask(
        self,
        method: str,
        path: str,
        body: Iterable[bytes] = (),
        length: int = 0,
        kind: str = "",
        *,
        keep: bool = True,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Accept-Language: nl"]
        if self.cookies:
            lines.append(
                "Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            )
        lines += [f"{name}: {value}" for name, value in more.items()]
        if kind:
            lines += [f"Content-Type: {kind}", f"Content-Length: {length}"]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        for part in body:
            self.socket.sendall(part)
        return self._answer(keep)

    def _answer(self, keep: bool) -> Answer:
        head, got = b"", 0
        while b"\r\n\r\n" not in head:
            got = self.socket.recv_into(self.buffer)
            if not got:
                raise ConnectionError("the server closed the connection")
            head += bytes(self.buffer[:got])
        head, _, body = head.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = [
            (name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)
        ]
        for value in (value for name, value in headers if name == "set-cookie"):
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        length = next((int(value) for name, value in headers if name == "content-length"), None)
        if first.split()[1] == "204":
            length = 0
        if length is None:
            raise RuntimeError(f"an answer without a length: {first}")
        kept, octets = [body], len(body)
        while octets < length:
            got = self.socket.recv_into(self.buffer)
            if not got:
                raise ConnectionError(f"the answer broke off after {octets} of {length} bytes")
            octets += got
            if keep:
                kept.append(bytes(self.buffer[:got]))
        return Answer(int(first.split()[1]), headers, b"".join(kept), octets)

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Source:
    """Iterator of chunks that can be read in amounts of any size."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.parts, self.rest = iter(parts), b""

    def take(self, octets: int) -> Iterator[bytes]:
        while octets:
            self.rest = self.rest or next(self.parts)
            part, self.rest = self.rest[:octets], self.rest[octets:]
            octets -= len(part)
            yield part
