"""No line of the log holds a name, address, search word, token, file name or text."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.test import Client
from tests.faces.matrix import ROUTES, address, browser_of
from tests.log_lines import LogLines, log_lines
from tests.people import Cast, write_messages
from tests.snapshot import restore_cast

from portaal.domain.files import tasks
from portaal.domain.identity import verbs
from portaal.domain.identity.models import LinkRequest
from portaal.domain.jobs import periodic
from portaal.domain.jobs.worker import run_due
from portaal.domain.journal.actors import ANONYMOUS, SYSTEM
from portaal.domain.periodic import WORK, hourly

CANARY = "Kanarie"
# Data of the cast: addresses, names, titles, subjects and file names.
DATA = [
    "example.nl",
    "sanne",
    "emre",
    "marieke",
    "jansen",
    "paspoort",
    "akte.pdf",
    "voor ",
    "2026.1",
]
FIELDS = [
    *(
        "q",
        "page",
        "email",
        "password",
        "subject",
        "body",
        "name",
        "title",
        "description",
        "reason",
    ),
    *("language", "status", "first_names", "surname", "infix", "salutation", "company_name"),
    *("phone", "number", "party", "recipients", "act", "submission", "label"),
]
HEADERS = {
    "Referer": f"http://localhost:8000/kantoor/clienten/?q={CANARY}",
    "User-Agent": CANARY,
    "X-Forwarded-For": CANARY,
    "X-Request-Id": CANARY,
    "Upload-Metadata": f"filename {CANARY}",
}


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


@pytest.fixture
def lines() -> Iterator[LogLines]:
    """Yield the lines; at the end of the test there are some, and none holds a canary."""
    with log_lines() as captured:
        yield captured
    assert captured.text != []
    assert leaks(captured) == []


def leaks(lines: LogLines) -> list[str]:
    words = [CANARY.lower(), *DATA]
    return [line for line in lines.text + lines.json if any(word in line.lower() for word in words)]


def token_for(cast: Cast) -> str:
    request = LinkRequest.objects.create(email=cast.users["sanne"].email)
    issued = verbs.issue_password_link(request, by=SYSTEM)
    assert issued
    return issued[2]


def test_canaries_are_in_what_is_logged(cast: Cast) -> None:
    """Make sure that the tests below can fail: with Django's own format they would."""
    with log_lines() as captured:
        logging.getLogger("portaal.test").warning("%s", cast.users["sanne"].email)
    assert len(leaks(captured)) == 2


@pytest.mark.parametrize("person", [None, "sanne", "marieke", "ina"])
def test_no_request_leaves_a_canary(cast: Cast, lines: LogLines, person: str | None) -> None:
    """Try every route with words in the query, the form, the headers and a file."""
    write_messages(cast)
    user = cast.users[person] if person else None
    face = "office" if user and user.is_staff else "client"
    routes = [name for name in ROUTES if name.partition(":")[0] in (face, name)]
    tried = 0
    for route in routes:
        for thing in {ROUTES[route][0], ROUTES[route][-1]}:
            path, browser = address(route, thing, cast), browser_of(None)
            if user:
                browser = _again(user)
            data = dict.fromkeys(FIELDS, CANARY)
            browser.get(f"{path}?q={CANARY}&next=/{CANARY}/", headers=HEADERS)
            file = SimpleUploadedFile(f"{CANARY}.exe", CANARY.encode())
            browser.post(
                f"{path}?q={CANARY}", data | {"file": file, "files": file}, headers=HEADERS
            )
            browser.generic("PUT", f"{path}?q={CANARY}", CANARY, headers=HEADERS)
            tried += 3
    assert len(lines.of("portaal.access")) == tried


def _again(user: Any) -> Client:
    """Return a browser of this user, logged in again if an earlier request logged it out."""
    user.sessions.all().delete()
    user.refresh_from_db()
    return browser_of(user)


def test_token_of_a_link_is_not_logged(cast: Cast, lines: LogLines) -> None:
    token, browser = token_for(cast), browser_of(None)
    path = f"/wachtwoord/{token}/"
    statuses = {
        method: browser.generic(method, path).status_code
        for method in ("OPTIONS", "POST", "PUT", "DELETE", "HEAD", "GET")
    }
    assert statuses["POST"] == 405
    assert statuses["GET"] == 302
    assert token not in lines.everything


def test_token_is_not_in_the_traceback_of_an_error(
    cast: Cast, lines: LogLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, browser = token_for(cast), browser_of(None)

    def broken(_links: object, sought: str) -> None:
        raise ValueError(f"{sought} {CANARY}") from IntegrityError(f"Key ({sought}) exists")

    monkeypatch.setattr("portaal.domain.identity.models.PasswordLinkQuerySet.known_by", broken)
    answer = browser.get(f"/wachtwoord/{token}/")
    assert answer.status_code == 500
    assert "in broken" in lines.text[0]
    assert token not in lines.everything


def test_refused_login_names_nobody(cast: Cast, lines: LogLines) -> None:
    for _attempt in range(7):  # the last ones are over the limit
        browser_of(None).post("/inloggen/", {"email": "sanne@example.nl", "password": CANARY})
    browser_of(None).post("/inloggen/", {"email": f"{CANARY}@example.nl", "password": CANARY})
    assert len(lines.of("portaal.security")) == 8


def test_refused_form_names_no_page(cast: Cast, lines: LogLines) -> None:
    browser = browser_of(cast.users["marieke"], enforce_csrf_checks=True)
    referer = f"https://{CANARY}.example.nl/?q={CANARY}"
    browser.post("/kantoor/taal/", {"language": CANARY}, secure=True, headers={"Referer": referer})
    browser.post("/kantoor/taal/", {"csrfmiddlewaretoken": CANARY}, headers={"Origin": referer})
    assert [line["event"] for line in lines.of("portaal.security")] == ["faces.form_refused"] * 2


@pytest.mark.parametrize(
    "odd",
    [
        {"headers": {"Host": f"{CANARY}.example.nl"}},
        {"content_type": f"multipart/form-data; boundary={CANARY}", "data": CANARY},
        {"data": {f"{CANARY}{number}": CANARY for number in range(600)}},
        {"data": {CANARY: CANARY * 200_000}},
        {
            "data": "x",
            "content_type": "text/plain",
            "CONTENT_TYPE": f"text/plain; charset={CANARY}",
        },
    ],
)
def test_malformed_request_is_not_repeated(
    cast: Cast, lines: LogLines, odd: dict[str, Any]
) -> None:
    browser_of(None).post("/inloggen/", **odd)


def test_mail_server_that_refuses_an_address_names_it_to_the_office_only(
    cast: Cast, lines: LogLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The office reads the address at "undelivered"; the log has the code of the refusal."""
    address_of = cast.users["sanne"].email

    def refuse(_message: EmailMessage) -> None:
        raise SMTPRecipientsRefused({address_of: (550, f"5.1.1 <{address_of}> unknown".encode())})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    verbs.request_password_link(by=ANONYMOUS, email=address_of)
    run_due()
    assert any("SMTPRecipientsRefused 550 5.1.1" in line for line in lines.text)


def test_mail_server_that_is_busy_is_named_by_its_code(
    cast: Cast, lines: LogLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_message: EmailMessage) -> None:
        raise SMTPDataError(451, f"4.7.1 {CANARY} {cast.users['sanne'].email}".encode())

    monkeypatch.setattr(EmailMessage, "send", refuse)
    verbs.request_password_link(by=ANONYMOUS, email=cast.users["sanne"].email)
    run_due()
    assert any("SMTPDataError 451 4.7.1" in line for line in lines.text)


def test_failing_work_and_files_name_nothing(
    cast: Cast, lines: LogLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError(28, CANARY, f"/data/{CANARY}")

    monkeypatch.setattr(tasks, "quarantine_reason", lambda _file: fail())
    registered = dict(WORK)
    WORK.clear()
    try:
        hourly(fail)
        periodic.run_due()
    finally:
        WORK.clear()
        WORK.update(registered)
    run_due()
    assert any("OSError [28]" in line for line in lines.text)


def test_report_of_a_browser_is_not_repeated(cast: Cast, lines: LogLines) -> None:
    report = f'{{"csp-report": {{"blocked-uri": "{CANARY}", "document-uri": "/?q={CANARY}"}}}}'
    for body in (report, CANARY):
        browser_of(None).post("/csp-report", body, content_type="application/csp-report")
    assert len(lines.text) == 4
