"""A user with a browser: cookies, forms and files, without knowledge of the portal."""

from __future__ import annotations

import http.client
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

Fields = list[tuple[str, str]]
Files = list[tuple[str, str, bytes]]  # name of the field, name of the file, bytes
# The server died or was down: it is unknown whether the act is done.
NO_ANSWER = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: bytes
    retry_after: str = ""
    offset: str = ""  # Upload-Offset of an upload in parts

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def is_done(self) -> bool:
        """Return whether the portal confirmed the form: a redirect, but not to the login page."""
        return self.status == 302 and "inloggen" not in self.location


class Visitor:
    def __init__(self, port: int, *, timeout: float = 60) -> None:
        self.port, self.timeout = port, timeout
        self.cookies: dict[str, str] = {}
        # Its own network, as rate limits count by network.
        self.network = f"10.{secrets.randbelow(250)}.{secrets.randbelow(250)}.1"
        self.posting_from = 0  # local port of the form in progress; 0 for none

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", "")

    def post(self, path: str, fields: Fields, files: Files | None = None) -> Answer:
        """Submit a form with its CSRF token; `files` is None for a form without files."""
        whole = [("csrfmiddlewaretoken", self.cookies.get("csrf", "")), *fields]
        if files is None:
            return self._ask(
                "POST", path, urlencode(whole).encode(), "application/x-www-form-urlencoded"
            )
        boundary = secrets.token_hex(16)
        return self._ask(
            "POST",
            path,
            _multipart(whole, files, boundary),
            f"multipart/form-data; boundary={boundary}",
        )

    def tus(
        self, method: str, path: str, body: bytes = b"", *, cut: int | None = None, **headers: str
    ) -> Answer:
        """Send a tus request; with `cut`, break off after so many bytes of the body."""
        all_headers = {name.replace("_", "-"): value for name, value in headers.items()}
        all_headers |= {
            "Tus-Resumable": "1.0.0",
            "X-CSRFToken": self.cookies.get("csrf", ""),
            "Content-Length": str(len(body)),
        }
        return self._ask(
            method,
            path,
            body[:cut],
            "application/offset+octet-stream",
            all_headers,
            is_cut=cut is not None,
        )

    def log_in(self, door: str, email: str, password: str) -> Answer:
        self.get(door)  # sets the CSRF cookie
        return self.post(door, [("email", email), ("password", password)])

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes,
        content_type: str,
        more: dict[str, str] | None = None,
        *,
        is_cut: bool = False,
    ) -> Answer:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=self.timeout)
        headers = {
            "X-Forwarded-For": self.network,
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        headers |= more or {}
        if content_type:
            headers["Content-Type"] = content_type
        try:
            connection.connect()
            self.posting_from = (
                connection.sock.getsockname()[1] if method in ("POST", "PATCH") else 0
            )
            connection.request(method, path, body or None, headers)
            if is_cut:
                raise ConnectionAbortedError
            answer = connection.getresponse()
            content = answer.read()
            for cookie in answer.msg.get_all("Set-Cookie") or []:
                if cookie_pair := re.match(r"([^=;]+)=([^;]*)", cookie):
                    self.cookies[cookie_pair[1]] = cookie_pair[2].strip('"')
            values = [answer.headers.get(name, "") for name in ("Retry-After", "Upload-Offset")]
            return Answer(answer.status, answer.headers.get("Location", ""), content, *values)
        finally:
            self.posting_from = 0
            connection.close()


def _multipart(fields: Fields, files: Files, boundary: str) -> bytes:
    begin = f"--{boundary}\r\nContent-Disposition: form-data; name="
    texts = [f'{begin}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields]
    parts = [
        f'{begin}"{field}"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for field, name, content in files
    ]
    return b"".join([*texts, *parts, f"--{boundary}--\r\n".encode()])
