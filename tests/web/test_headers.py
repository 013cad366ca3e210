"""Security headers of every response."""

from __future__ import annotations

import pytest
from django.test import Client

from portaal.faces.shared import views

WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def test_every_response_has_security_headers(db: None, monkeypatch: pytest.MonkeyPatch):
    browser = Client(raise_request_exception=False)
    monkeypatch.setattr(views, "no_room", None)  # causes an error 500
    answers = {
        200: browser.get("/inloggen/"),
        302: browser.get("/"),
        403: Client(enforce_csrf_checks=True).post("/inloggen/"),
        404: browser.get("/nergens/"),
        405: browser.post("/wachtwoord/verstuurd/"),
        500: browser.get("/gezondheid"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in WANTED} == WANTED
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
    for trace in (b"AttributeError", b"Traceback", b"portaal/"):
        assert trace not in answers[500].content
