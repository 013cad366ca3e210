"""Proxy before the portal that answers the gallery's message form itself.

Pages come from the portal. The proxy takes uploads by tus 1.0 (creation, HEAD, PATCH, termination),
drafts and the form. A test can make it refuse, break off or delay them.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from base64 import b64decode
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

UPLOADS = "/galerij/bijlagen/"
DRAFT = "/galerij/concept/"


@dataclass
class Upload:
    name: str
    size: int
    token: str
    content: bytearray = field(default_factory=bytearray)


class FormProxy(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, portal: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.portal = portal
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.reset()

    def reset(self) -> None:
        self.uploads: dict[str, Upload] = {}
        self.requests: list[str] = []  # of uploads, such as "PATCH 0" and "DELETE"
        # Status, media type and body of the answer to each upload request.
        self.refusal: tuple[int, str, str] | None = None
        self.refused_name = ""  # the name of a file whose parts are refused
        self.broken_parts = 0  # parts of which half arrives and no answer follows
        self.may_answer = Event()  # answers to parts wait for it
        self.may_answer.set()
        self.drafts: list[dict[str, str]] = []
        self.draft_answer: tuple[int, Any] = (200, {"kept": "10.42", "submission": "6f1c0b52"})
        self.sent = 0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore browsers that close the connection."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FormProxy

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() in ("cookie", "accept-language")
        }
        try:
            answer = urllib.request.urlopen(
                urllib.request.Request(self.server.portal + self.path, headers=headers)
            )
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            passed_on = {
                name: value
                for name, value in answer.headers.items()
                if name.lower() not in HOP_BY_HOP
            }
            self.answer(answer.status, answer.read(), **passed_on)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == DRAFT:
            self.server.drafts.append(
                {
                    name: values[-1]
                    for name, values in parse_qs(body.decode(), keep_blank_values=True).items()
                }
            )
            status, answer = self.server.draft_answer
            self.answer(status, json.dumps(answer).encode(), **{"Content-Type": "application/json"})
        elif self.path != UPLOADS:
            self.server.sent += 1
            self.answer(204)
        elif not self.is_refused("POST"):
            upload_id, name = str(uuid4()), self.headers["Upload-Metadata"].split()[1]
            self.server.uploads[upload_id] = Upload(
                b64decode(name).decode(),
                int(self.headers["Upload-Length"]),
                self.headers["X-CSRFToken"],
            )
            self.answer(201, Location=f"{UPLOADS}{upload_id}/")

    def do_HEAD(self) -> None:
        upload = self.server.uploads.get(self.upload_id)
        self.server.requests.append("HEAD")
        if upload:
            self.answer(
                200,
                **{"Upload-Offset": str(len(upload.content)), "Upload-Length": str(upload.size)},
            )
        else:
            self.answer(404)

    def do_PATCH(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        upload = self.server.uploads[self.upload_id]
        if upload.name == self.server.refused_name:
            self.answer(422, b"Dit kan niet.", **{"Content-Type": "text/plain"})
            return
        if self.is_refused(f"PATCH {self.headers['Upload-Offset']}"):
            return
        # A browser may repeat a broken request by itself.
        if int(self.headers["Upload-Offset"]) != len(upload.content):
            self.answer(409)
            return
        if self.server.broken_parts:
            self.server.broken_parts -= 1
            upload.content += body[: len(body) // 2]
            self.close_connection = True
            return
        upload.content += body
        self.server.may_answer.wait(20)
        self.answer(204, **{"Upload-Offset": str(len(upload.content))})

    def do_DELETE(self) -> None:
        if not self.is_refused("DELETE"):
            self.server.uploads.pop(self.upload_id, None)
            self.answer(204)

    @property
    def upload_id(self) -> str:
        return self.path.removeprefix(UPLOADS).strip("/")

    def is_refused(self, request: str) -> bool:
        self.server.requests.append(request)
        if self.server.refusal is None:
            return False
        status, media_type, body = self.server.refusal
        self.answer(status, body.encode(), **{"Content-Type": media_type})
        return True

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Tus-Resumable": "1.0.0", **headers}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


# Headers of one connection, which a proxy does not pass on.
HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "server", "date", "keep-alive"}
