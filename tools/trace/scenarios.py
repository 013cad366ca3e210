"""The requests that are traced, of a client who may write in a dossier."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.faces.matrix import browser_of
from tests.people import PDF

from .recorder import Trace, recording

TUS = {"Tus-Resumable": "1.0.0"}
Request = Callable[[], HttpResponse]


def browser_of_client(cast: Any) -> Client:
    return browser_of(cast.users["sanne"])


def trace(name: str, browser: Client, dossier: object, source: Path) -> Trace:
    """Trace a request in this dossier, after one like it that filled the caches.

    `source` is the folder whose functions count.
    """
    prepare = {"send": _send, "last-part": _last_part}[name]
    for _time in range(2):
        request = prepare(browser, dossier)
        with recording(source) as traced:
            response = request()
        assert response.status_code in (204, 302), response.status_code
    return traced


def _last_part(browser: Client, dossier: object) -> Request:
    """Create an upload, and return the request that sends all its bytes."""
    address = _create(browser, dossier)
    return lambda: browser.generic(
        "PATCH",
        address,
        PDF,
        content_type="application/offset+octet-stream",
        headers={**TUS, "Upload-Offset": "0"},
    )


def _send(browser: Client, dossier: object) -> Request:
    """Upload a file, and return the request that sends a new message with it."""
    upload = _last_part(browser, dossier)()
    assert upload.status_code == 204
    file_id = str(upload.wsgi_request.resolver_match.kwargs["pk"])
    data = {
        "subject": "Kopie stukken",
        "body": "Beste,\nHierbij zend ik",
        "submission": str(uuid4()),
        "files": [file_id],
    }
    address = reverse("client:message_new", args=[dossier])
    return lambda: browser.post(address, data)


def _create(browser: Client, dossier: object) -> str:
    metadata = f"filename {b64encode(b'akte.pdf').decode()}"
    response = browser.post(
        reverse("client:upload_new", args=[dossier]),
        headers={**TUS, "Upload-Length": str(len(PDF)), "Upload-Metadata": metadata},
    )
    assert response.status_code == 201
    return str(response.headers["Location"])
