"""Every route, person and method answers as the table in docs/authorisation.md says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.people import Cast

from portaal.domain.clients.models import Membership
from portaal.domain.documents.verbs import withdraw
from portaal.domain.dossiers.verbs import remove_party
from portaal.domain.identity.models import Session
from portaal.domain.identity.verbs import block
from portaal.domain.journal.actors import SYSTEM
from portaal.faces.shared.sessions import hash_cookie

from .matrix import PEOPLE, ROUTES, address, browser_of

PAPER = Path(__file__).parents[2] / "docs" / "authorisation.md"
METHODS = ["get", "post"]
WITH_FILES = [
    "office:dossier",
    "office:house_style",
    "client:message_new",
    "client:reply",
    "office:message_new",
    "office:message",
]
CLIENTS = ["sanne", "emre", "ties", "olga", "anker", "granted", "ungranted"]
STAFF = ["marieke", "joost", "ina"]


def _table() -> dict[tuple[str, str], dict[str, list[int]]]:
    """Return (route, object) -> person -> [status of GET, status of POST]."""
    rows: dict[tuple[str, str], dict[str, list[int]]] = {}
    for line in PAPER.read_text(encoding="utf-8").splitlines():
        if line.startswith("| route |"):
            assert [cell.strip() for cell in line.strip("| \n").split("|")[1:]] == PEOPLE
        if not line.startswith("| `"):
            continue
        what, *cells = [cell.strip() for cell in line.strip("| \n").split("|")]
        route, _, thing = what.replace("`", "").partition(" ")
        assert (route, thing) not in rows
        rows[route, thing] = {
            person: [int(status) for status in cell.split("/")]
            for person, cell in zip(PEOPLE, cells, strict=True)
        }
    return rows


TABLE = _table()
ROWS = pytest.mark.parametrize(
    ("route", "thing"), TABLE, ids=[f"{route} {thing}".strip() for route, thing in TABLE]
)


def _not_found(row: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the persons and methods that are answered as if the object does not exist."""
    return [
        (person, method)
        for person in PEOPLE
        for method, status in zip(METHODS, TABLE[row][person], strict=True)
        if status == 404
    ]


FORBIDDEN = [row for row in TABLE if row[1] != "nowhere" and _not_found(row)]


@ROWS
def test_every_route_answers_as_the_table_says(cast: Cast, route: str, thing: str):
    path = address(route, thing, cast)
    answers = {
        (person, method): _answer(cast.users.get(person), method, path)
        for person in PEOPLE
        for method in METHODS
    }
    found = {
        person: [answers[person, method].status_code for method in METHODS] for person in PEOPLE
    }
    assert found == TABLE[route, thing]
    if TABLE[route, thing]["anonymous"] == [302, 302]:
        at_home = STAFF if route.startswith("office") else CLIENTS
        door = reverse("office:login" if route.startswith("office") else "client:login")
        sent_on = [
            answer
            for (person, _method), answer in answers.items()
            if person not in at_home and answer.status_code == 302
        ]
        assert {answer.headers["Location"].split("?")[0] for answer in sent_on} == {door}


def test_every_route_is_in_the_table():
    named = {
        name for name in _names(get_resolver()) if not name.startswith("mailbox:")
    }  # without logins, and not in production
    assert named == {route for route, _thing in TABLE}
    assert set(TABLE) == {(route, thing) for route, things in ROUTES.items() for thing in things}


def test_every_route_has_a_name():
    assert "None" not in {name.rpartition(":")[2] for name in _names(get_resolver())}


@pytest.mark.either_database
@ROWS
def test_post_without_csrf_token_is_refused(cast: Cast, route: str, thing: str):
    if route == "csp_report":
        pytest.skip("a browser's own report: it carries no token and changes nothing")
    at_work = "marieke" if route.startswith("office") else "sanne"
    path = address(route, thing, cast)
    assert browser_of(cast.users[at_work], enforce_csrf_checks=True).post(path).status_code == 403
    # A form with files checks its token after the access middleware.
    turned_away = 302 if route in WITH_FILES else 403
    assert browser_of(None, enforce_csrf_checks=True).post(path).status_code == turned_away


def test_session_does_not_open_the_other_face(cast: Cast):
    """The view checks the user, even if the session row has the wrong face."""
    answers = []
    for person, face, cookie, path in (
        ("sanne", "office", settings.OFFICE_COOKIE, reverse("office:clients")),
        ("marieke", "client", settings.CLIENT_COOKIE, reverse("client:home")),
    ):
        browser = Client()
        Session.objects.create(
            key_hash=hash_cookie(f"odd-{person}"), face=face, user=cast.users[person]
        )
        browser.cookies[cookie] = f"odd-{person}"
        answers.append(browser.get(path).status_code)
    assert answers == [403, 403]


def test_cookie_of_one_face_is_ignored_by_the_other(cast: Cast):
    browser = browser_of(cast.users["marieke"])
    browser.cookies[settings.CLIENT_COOKIE] = browser.cookies[settings.OFFICE_COOKIE].value
    assert browser.get(reverse("client:home")).status_code == 302


@pytest.mark.parametrize(("person", "status"), [("marieke", 403), ("joost", 403), ("ina", 302)])
def test_only_account_manager_can_block_a_login(cast: Cast, person: str, status: int):
    """The empty form of the table names no login; this one does."""
    membership = Membership.objects.get(user=cast.users["sanne"])
    path = address("office:block", "sanne", cast)
    browser = browser_of(cast.users[person])
    answers = [
        browser.post(path, {"membership": membership.pk, "blocked": blocked}).status_code
        for blocked in ("1", "0")
    ]
    assert answers == [status, status]


def test_membership_of_another_client_is_not_blocked(cast: Cast):
    membership = Membership.objects.get(user=cast.users["emre"])
    browser_of(cast.users["ina"]).post(
        address("office:block", "sanne", cast), {"membership": membership.pk, "blocked": "1"}
    )
    cast.users["emre"].refresh_from_db()
    assert cast.users["emre"].is_active


@pytest.mark.parametrize(("route", "thing"), FORBIDDEN, ids=map(" ".join, FORBIDDEN))
def test_absent_and_forbidden_objects_look_the_same(cast: Cast, route: str, thing: str):
    absent, forbidden = address(route, "nowhere", cast), address(route, thing, cast)
    for person, method in _not_found((route, thing)):
        user = cast.users.get(person)
        assert _look(user, method, forbidden) == _look(user, method, absent)


@pytest.mark.parametrize("person", [*CLIENTS, *STAFF])
def test_blocked_login_loses_access_at_next_request(cast: Cast, person: str):
    user = cast.users[person]
    browser = browser_of(user)
    paths = _open_to(cast, person)
    assert _opened(browser, paths) == paths
    assert paths
    block(user, by=SYSTEM)
    assert _opened(browser, paths) == []


@pytest.mark.parametrize(
    ("party", "people"), [("sanne", ["sanne"]), ("emre", ["emre"]), ("anker", ["anker", "granted"])]
)
def test_removed_party_loses_access_at_next_request(cast: Cast, party: str, people: list[str]):
    dossier = {"sanne": "purchase", "emre": "purchase", "anker": "holding"}[party]
    browsers = {person: browser_of(cast.users[person]) for person in people}
    paths = [
        address("client:dossier", dossier, cast),
        address("client:dossier_tab", dossier, cast),
        address("client:download", party, cast),
    ]
    assert [_opened(browser, paths) for browser in browsers.values()] == [paths] * len(people)
    remove_party(cast.parties[party], by=cast.users["marieke"])
    assert [_opened(browser, paths) for browser in browsers.values()] == [[]] * len(people)


def test_withdrawn_publication_is_not_found_at_next_request(cast: Cast):
    browser = browser_of(cast.users["sanne"])
    path = address("client:download", "sanne", cast)
    assert browser.get(path).status_code == 200
    withdraw(cast.publications["sanne"], by=cast.users["marieke"])
    assert browser.get(path).status_code == 404


def _open_to(cast: Cast, person: str) -> list[str]:
    """Return the pages that this person sees and an anonymous user does not."""
    return [
        address(route, thing, cast)
        for (route, thing), cells in TABLE.items()
        if cells[person][0] == 200 and cells["anonymous"][0] != 200
    ]


def _opened(browser: Client, paths: list[str]) -> list[str]:
    return [path for path in paths if _ask(browser, "get", path).status_code == 200]


def _look(user: Any, method: str, path: str) -> tuple[Any, ...]:
    """Return all of a response except the id of the request and the requested path."""
    answer = _answer(user, method, path)
    del answer.headers["X-Request-Id"]
    body = answer.content.decode().replace(path, "")
    body = re.sub(r"[0-9a-f]{8}\.", "", body)
    body = re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", body)
    return answer.status_code, sorted(answer.headers.items()), body


def _answer(user: Any, method: str, path: str) -> Any:
    """Return the response to a request, and roll back its changes."""
    with transaction.atomic():
        answer = _ask(browser_of(user), method, path)
        transaction.set_rollback(True)
    return answer


def _ask(browser: Client, method: str, path: str) -> Any:
    return getattr(browser, method)(path)


def _names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        else:
            yield from _names(pattern, f"{pattern.namespace}:" if pattern.namespace else prefix)
