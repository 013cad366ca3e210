"""Lines of the log: their facts, in text and JSON, and the line of each request."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.urls import reverse
from tests.faces.matrix import NOWHERE, browser_of
from tests.log_lines import LogLines, log_lines
from tests.people import PASSWORD, Cast
from tests.snapshot import restore_cast

from portaal.domain.context import Request, current_request
from portaal.domain.jobs.context import PermanentFailure
from portaal.domain.problems import describe
from portaal.gateways.scanner import ScannerUnavailable
from portaal.web.management.commands.serve import web_command
from portaal.web.violations import summary_of

log = logging.getLogger("portaal.test")
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


@pytest.fixture
def lines() -> Iterator[LogLines]:
    with log_lines() as captured:
        yield captured


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


@pytest.fixture
def current() -> Iterator[Request]:
    request = Request(id="0123abcd", login="a-login", network="192.0.2.0/24")
    token = current_request.set(request)
    yield request
    current_request.reset(token)


def test_line_without_a_request_has_three_dashes(lines: LogLines) -> None:
    log.warning("the disk is %s", "full")
    assert re.fullmatch(rf"{TIME} WARNING portaal\.test - - - the disk is full", lines.text[0])


def test_line_has_the_facts_of_its_request(lines: LogLines, current: Request) -> None:
    log.warning("late")
    assert lines.text[0].endswith(
        " WARNING portaal.test 0123abcd a-login 192.0.2.0/24 late",
    )


def test_json_line_has_the_same_facts(lines: LogLines, current: Request) -> None:
    log.warning("late")
    facts = json.loads(lines.json[0])
    assert re.fullmatch(TIME, facts.pop("time"))
    assert facts == {
        "level": "WARNING",
        "logger": "portaal.test",
        "request": "0123abcd",
        "login": "a-login",
        "network": "192.0.2.0/24",
        "message": "late",
    }


def test_message_cannot_forge_a_line(lines: LogLines) -> None:
    log.warning("one\ntwo\x1b[31m\u2028")
    for line in (lines.text[0], lines.json[0]):
        assert len(line.splitlines()) == 1
        assert "\x1b" not in line


def test_traceback_has_places_and_no_text(lines: LogLines) -> None:
    try:
        try:
            raise IntegrityError("Key (email)=(KANARIE) already exists")
        except IntegrityError as error:
            raise ValueError("KANARIE") from error
    except ValueError:
        log.exception("the work failed")
    assert "KANARIE already" not in lines.everything
    assert "line" in lines.text[0] and "in test_traceback_has_places" in lines.text[0]
    assert json.loads(lines.json[0])["traceback"][-1] == "ValueError"


def test_endless_recursion_makes_a_short_traceback(lines: LogLines) -> None:
    def again() -> None:
        again()

    try:
        again()
    except RecursionError:
        log.exception("the work failed")
    assert len(lines.text[0].splitlines()) < 100


def test_library_shows_its_template_without_values(lines: LogLines) -> None:
    logging.getLogger("botocore").warning("retrying %s", "KANARIE")
    assert lines.text[0].endswith(" WARNING botocore - - - retrying %s")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("KANARIE"), "ValueError"),
        (OSError(28, "KANARIE", "KANARIE"), "OSError [28] No space left on device"),
        (OperationalError("database is locked"), "OperationalError: database is locked"),
        (ScannerUnavailable("clamd is away"), "ScannerUnavailable: clamd is away"),
        (SMTPDataError(554, b"5.7.1 KANARIE"), "SMTPDataError 554 5.7.1"),
        (
            PermanentFailure(SMTPRecipientsRefused({"KANARIE": (550, b"5.1.1 KANARIE")})),
            "PermanentFailure: SMTPRecipientsRefused 550 5.1.1",
        ),
    ],
)
def test_error_is_described_without_its_data(error: Exception, words: str) -> None:
    assert describe(error) == words


@pytest.mark.django_db
def test_database_error_is_described_by_its_codes(cast: Cast) -> None:
    twin = cast.users["sanne"]
    twin.pk = NOWHERE
    with pytest.raises(IntegrityError) as caught:
        twin.save(force_insert=True)
    assert "sanne" not in describe(caught.value)
    assert re.search("SQLITE_CONSTRAINT|23505 identity_user", describe(caught.value))


# The line of a request


def test_request_has_a_line_with_its_route_and_not_its_path(cast: Cast, lines: LogLines) -> None:
    path = f"/dossiers/{cast.dossiers['purchase'].pk}/?q=KANARIE"
    answer = browser_of(cast.users["sanne"]).get(path)
    (line,) = lines.of("portaal.access")
    assert line["message"].startswith("GET client:dossier 200 ")
    assert line["bytes"] == len(answer.content)
    assert line["login"] == str(cast.users["sanne"].pk)
    assert line["network"] == "127.0.0.0/24"
    assert line["request"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/nergens/", "-", 404),
        ("/static/nergens.css", "static", 404),
        ("/gezondheid", "health", 200),
    ],
)
def test_line_names_the_route(
    db: None, lines: LogLines, path: str, route: str, status: int
) -> None:
    Client().get(path)
    (line,) = lines.of("portaal.access")
    assert (line["method"], line["route"], line["status"]) == ("GET", route, status)


def test_unknown_method_is_not_repeated(db: None, lines: LogLines) -> None:
    Client().generic("KANARIE", "/inloggen/")
    assert lines.of("portaal.access")[0]["method"] == "other"


def test_login_line_has_the_new_login(cast: Cast, lines: LogLines) -> None:
    browser_of(None).post("/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD})
    assert lines.of("portaal.access")[0]["login"] == str(cast.users["sanne"].pk)


def test_download_line_has_the_bytes_of_the_file(cast: Cast, lines: LogLines) -> None:
    publication = cast.publications["sanne"]
    answer = browser_of(cast.users["sanne"]).get(f"/publicaties/{publication.pk}/bestand/")
    assert lines.of("portaal.access")[0]["bytes"] == len(b"".join(answer.streaming_content))


def test_every_line_of_an_error_has_the_id_of_the_header(
    db: None, lines: LogLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portaal.faces.shared.views.no_room", None)
    answer = Client(raise_request_exception=False).get("/gezondheid")
    ids = {json.loads(line)["request"] for line in lines.json}
    assert answer.status_code == 500
    assert ids == {answer.headers["X-Request-Id"]}
    assert lines.of("django.request")[0]["message"] == "failed: GET health"


def test_unavailable_page_has_the_line_of_the_request_only(
    db: None, lines: LogLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portaal.faces.shared.views.no_room", lambda: "full")
    answer = Client().get("/gezondheid")
    assert answer.status_code == 503
    assert [json.loads(line)["logger"] for line in lines.json] == ["portaal.access"]


def test_error_page_shows_the_begin_of_the_id(db: None) -> None:
    answer = Client().get("/nergens/")
    assert answer.headers["X-Request-Id"][:8] in answer.text


def test_id_of_the_browser_is_not_used(db: None) -> None:
    answer = Client().get("/inloggen/", headers={"X-Request-Id": "KANARIE"})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])


# Refusals


def refusals(lines: LogLines) -> list[dict[str, Any]]:
    return lines.of("portaal.security")


def test_refused_login_is_one_line(cast: Cast, lines: LogLines) -> None:
    browser_of(None).post("/inloggen/", {"email": "sanne@example.nl", "password": "x"})
    (line,) = refusals(lines)
    assert line["event"] == "identity.log_in"
    assert line["actor"] == str(cast.users["sanne"].pk)
    assert line["network"] == "127.0.0.0/24"


def test_foreign_form_is_one_line(cast: Cast, lines: LogLines) -> None:
    browser = browser_of(cast.users["sanne"], enforce_csrf_checks=True)
    browser.post("/taal/", {"language": "en"}, headers={"Origin": "https://kanarie.example.nl"})
    (line,) = refusals(lines)
    assert line["event"] == "faces.form_refused"
    assert line["reason"] == "Origin checking failed"
    assert line["login"] == str(cast.users["sanne"].pk)


def test_forbidden_act_is_one_line_without_a_traceback(cast: Cast, lines: LogLines) -> None:
    browser_of(cast.users["marieke"]).get(reverse("office:house_style"))
    (line,) = refusals(lines)
    assert line["event"] == "faces.forbidden"
    assert "traceback" not in line
    assert len(lines.json) == 2  # with the line of the request


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (
            {"effective-directive": "script-src-elem", "blocked-uri": "inline"},
            "script-src-elem of inline on -",
        ),
        (
            {
                "violated-directive": "img-src 'self'",
                "blocked-uri": "https://kanarie.example.nl/x",
                "document-uri": "http://localhost:8000/kantoor/clienten/?q=KANARIE",
            },
            "img-src of another host on office:clients",
        ),
        (
            {
                "effective-directive": "kanarie-src",
                "blocked-uri": "http://localhost:8000/KANARIE",
                "document-uri": "http://localhost:8000/wachtwoord/KANARIE/",
            },
            "unknown of this host on client:password_link",
        ),
        ({"blocked-uri": "http://[", "document-uri": "http://["}, "unknown of another host on -"),
    ],
)
def test_report_of_a_browser_is_reduced(report: dict[str, str], words: str) -> None:
    assert summary_of(json.dumps({"csp-report": report}).encode()) == words


@pytest.mark.parametrize("body", [b"", b"KANARIE", b"[]", b'{"csp-report": "KANARIE"}', b"\xff"])
def test_unreadable_report_is_not_repeated(body: bytes) -> None:
    assert summary_of(body) == "unreadable report"


# The web server


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_web_server_has_the_same_format_and_no_access_log(settings: Any, log_format: str) -> None:
    settings.LOG_FORMAT = log_format
    command = web_command("portaal.wsgi:application", "127.0.0.1", 8000, workers=2)
    config = json.loads(Path(command[command.index("--log-config") + 1]).read_text())
    assert "--no-access-log" in command
    assert config["formatters"]["line"]["()"] == f"portaal.web.log.{log_format.title()}Formatter"


def test_error_of_the_web_server_keeps_the_places_only(lines: LogLines) -> None:
    logging.getLogger("_granian.utils").error(
        "Application callable raised an exception\n"
        "Traceback (most recent call last):\n"
        '  File "/opt/portaal/views.py", line 6, in download\n'
        '    raise ValueError("x")\n'
        "ValueError: KANARIE"
    )
    places = json.loads(lines.json[0])["traceback"]
    assert places == ['  File "/opt/portaal/views.py", line 6, in download']
    assert "KANARIE" not in lines.everything
