"""Security headers of every response, and redirects after logging in."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.people import PASSWORD, Cast

from portaal.faces.shared import views

from .matrix import browser_of

WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ELSEWHERE = [
    "https://evil.example.org/",
    "//evil.example.org/",
    "///evil.example.org",
    "/\\evil.example.org",
    "\\\\evil.example.org",
    "http:evil.example.org",
    "javascript:alert(1)",
    "data:text/html,x",
    "\r\nLocation: x",
    "/\t/evil.example.org",
    "https:/\\evil.example.org",
    "//evil.example.org@localhost/",
    "evil.example.org",
    "?next=//evil.example.org",
]


def test_every_response_has_security_headers(cast: Cast, monkeypatch: pytest.MonkeyPatch):
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


def test_download_is_sandboxed(cast: Cast):
    publication = cast.publications["sanne"]
    answer = browser_of(cast.users["sanne"]).get(f"/publicaties/{publication.pk}/bestand/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Voor sanne.pdf"'
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_login_never_redirects_to_another_site(cast: Cast, wanted: str):
    answer = Client().post(
        "/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD, "next": wanted}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_login_fails_alike_for_every_reason(cast: Cast):
    cast.users["olga"].deactivated_at = cast.users["olga"].made_at
    cast.users["olga"].save()
    answers = set()
    for email in (
        "sanne@example.nl",
        "nobody@example.nl",
        "olga@example.nl",
        "marieke@kantoor.example.nl",
    ):
        browser = Client(REMOTE_ADDR=f"10.0.{len(answers)}.1")
        answer = browser.post("/inloggen/", {"email": email, "password": "Verkeerd-9"})
        errors = answer.context["form"].errors.as_json()
        answers.add((answer.status_code, errors))
    assert len(answers) == 1


def test_link_request_answers_alike_for_everyone(cast: Cast):
    answers = set()
    for email in ("sanne@example.nl", "nobody@example.nl", "marieke@kantoor.example.nl"):
        answer = Client().post("/wachtwoord/", {"email": email})
        answers.add((answer.status_code, answer.headers["Location"]))
    assert answers == {(302, "/wachtwoord/verstuurd/")}


def test_each_face_has_its_own_cookie(cast: Cast):
    client = Client()
    client.post("/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD})
    office = Client()
    office.post("/kantoor/inloggen/", {"email": "marieke@kantoor.example.nl", "password": PASSWORD})
    names = [set(browser.cookies) & {"portaal", "kantoor"} for browser in (client, office)]
    assert names == [{"portaal"}, {"kantoor"}]
    cookies = client.cookies["portaal"], office.cookies["kantoor"]
    assert all(cookie["httponly"] and cookie["samesite"] == "Lax" for cookie in cookies)
