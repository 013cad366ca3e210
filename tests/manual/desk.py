"""A desk in front of the portal: its pages are the portal's own, what the gallery's message form sends is taken in here.

Uploads by tus 1.0 (creation, HEAD, PATCH, termination), drafts and the form itself; it can refuse, break off and wait, as told.
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


class Desk(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, portal: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.portal = portal
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.empty()

    def empty(self) -> None:
        self.uploads: dict[str, Upload] = {}
        self.asked: list[str] = []  # 'PATCH 0', 'DELETE'
        self.refusal: tuple[int, str, str] | None = (
            None  # status, media type, body; for what is uploaded and thrown away
        )
        self.refuses = ""  # the name of a file whose pieces are refused
        self.breaks = 0  # so many pieces arrive by half, without an answer
        self.open = Event()  # pieces wait for it
        self.open.set()
        self.drafts: list[dict[str, str]] = []
        self.draft_answer: tuple[int, Any] = (200, {"kept": "10.42", "submission": "6f1c0b52"})
        self.sent = 0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Desk

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
            kept = {
                name: value for name, value in answer.headers.items() if name.lower() not in HOP
            }
            self.answer(answer.status, answer.read(), **kept)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == DRAFT:
            self.server.drafts.append(
                {
                    name: values[-1]
                    for name, values in parse_qs(body.decode(), keep_blank_values=True).items()
                }
            )
            status, said = self.server.draft_answer
            self.answer(status, json.dumps(said).encode(), **{"Content-Type": "application/json"})
        elif self.path != UPLOADS:
            self.server.sent += 1
            self.answer(204)
        elif not self.is_refused("POST"):
            number, name = str(uuid4()), self.headers["Upload-Metadata"].split()[1]
            self.server.uploads[number] = Upload(
                b64decode(name).decode(),
                int(self.headers["Upload-Length"]),
                self.headers["X-CSRFToken"],
            )
            self.answer(201, Location=f"{UPLOADS}{number}/")

    def do_HEAD(self) -> None:
        upload = self.server.uploads.get(self.number)
        self.server.asked.append("HEAD")
        if upload:
            self.answer(
                200,
                **{"Upload-Offset": str(len(upload.content)), "Upload-Length": str(upload.size)},
            )
        else:
            self.answer(404)

    def do_PATCH(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        upload = self.server.uploads[self.number]
        if upload.name == self.server.refuses:
            self.answer(422, b"Dit kan niet.", **{"Content-Type": "text/plain"})
            return
        if self.is_refused(f"PATCH {self.headers['Upload-Offset']}"):
            return
        if int(self.headers["Upload-Offset"]) != len(
            upload.content
        ):  # a browser may send again by itself what was broken off
            self.answer(409)
            return
        if self.server.breaks:
            self.server.breaks -= 1
            upload.content += body[: len(body) // 2]
            self.close_connection = True
            return
        upload.content += body
        self.server.open.wait(20)
        self.answer(204, **{"Upload-Offset": str(len(upload.content))})

    def do_DELETE(self) -> None:
        if not self.is_refused("DELETE"):
            self.server.uploads.pop(self.number, None)
            self.answer(204)

    @property
    def number(self) -> str:
        return self.path.removeprefix(UPLOADS).strip("/")

    def is_refused(self, act: str) -> bool:
        self.server.asked.append(act)
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


HOP = {"connection", "transfer-encoding", "content-length", "server", "date", "keep-alive"}
