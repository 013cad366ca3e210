"""Inline view ("Bekijken"): Chromium shows a PDF and a picture under the strictest policy."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright
from tests.domain.files.corpus import chunk
from tests.people import make_cast, store

from portaal.faces.shared.downloads import file_response
from portaal.web.headers import ALWAYS

pytestmark = pytest.mark.browser
# Number of pages by Chromium's own viewer, once it has read the PDF.
PAGE_COUNT = """() => ["viewer-toolbar", "viewer-page-selector"].reduce(
  (element, name) => element?.shadowRoot?.querySelector(name),
  document.querySelector("pdf-viewer"),
)?.docLength"""


def pdf() -> bytes:
    """Return a PDF of one red page of 300 by 200 points."""
    red = b"1 0 0 rg 0 0 300 200 re f"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(red), red),
    ]
    written, offsets = b"%PDF-1.7\n", list[int]()
    for number, content in enumerate(objects, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(
        b"%010d 00000 n \n" % offset for offset in offsets
    )
    return (
        written + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(written)
    )


def png() -> bytes:
    """Return a red picture of 90 by 60 pixels."""
    head = struct.pack(">IIBBBBB", 90, 60, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\xff\0\0" * 90) * 60
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@contextmanager
def served(answers: dict[str, Any]) -> Iterator[str]:
    """Serve answers at their paths, with their own headers and those of every answer."""
    ready = {
        path: (dict(answer.headers) | ALWAYS, b"".join(answer)) for path, answer in answers.items()
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers, body = ready.get(self.path, ({"Content-Length": "0"}, b""))
            self.send_response(200 if body else 404)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_pdf_and_picture_are_shown_under_the_strictest_policy(
    db: None, settings: Any, tmp_path: Path
):
    settings.FILES_DIR = tmp_path / "files"
    cast = make_cast()
    by, dossier = cast.users["marieke"], cast.dossiers["purchase"]
    paper, picture = store(by, dossier, content=pdf()), store(by, dossier)
    picture.content_type, picture.chunks = "image/png", lambda: iter([png()])
    picture.size = len(png())
    answers = {
        "/akte.pdf": file_response(paper.opened(), inline=True),
        "/foto.png": file_response(picture.opened(), inline=True),
    }
    with served(answers) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.goto(f"{url}/foto.png")
        assert page.evaluate("document.contentType") == "image/png"
        assert page.evaluate("document.images[0].naturalWidth") == 90
        with page.expect_event(
            "framenavigated", lambda frame: frame.url.startswith("chrome-extension:")
        ) as viewer:
            page.goto(f"{url}/akte.pdf")
        assert viewer.value.wait_for_function(PAGE_COUNT).json_value() == 1
        browser.close()
