"""docs/authorisation.md, route by route, person by person, method by method: the table is the test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from tests.people import Cast, make_cast

from portaal.domain.accounts.verbs import block
from portaal.domain.dossiers.verbs import release
from portaal.domain.journal.actors import SYSTEM

from .matrix import PEOPLE, ROUTES, address, browser_of

PAPER = Path(__file__).parents[2] / "docs" / "authorisation.md"
METHODS = ["get", "post"]


def _table() -> dict[tuple[str, str], dict[str, list[int]]]:
    """(route, object) -> person -> [status of GET, status of POST]"""
    rows: dict[tuple[str, str], dict[str, list[int]]] = {}
    for line in PAPER.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| `"):
            continue
        what, *cells = [cell.strip() for cell in line.strip("| \n").split("|")]
        route, _, thing = what.replace("`", "").partition(" ")
        rows[route, thing] = {
            person: [int(status) for status in cell.split("/")] for person, cell in zip(PEOPLE, cells, strict=True)
        }
    return rows


TABLE = _table()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_the_table_holds(cast: Cast):
    found = {
        (route, thing): {
            person: [_status(cast, person, method, address(route, thing, cast)) for method in METHODS] for person in PEOPLE
        }
        for route, thing in TABLE
    }
    assert {what: cells for what, cells in found.items() if cells != TABLE[what]} == {}


def test_every_route_stands_in_the_table():
    named = {name for name in _names(get_resolver()) if not name.startswith("mailbox:")}  # no login there, no production
    assert named == {route for route, _thing in TABLE}
    assert set(TABLE) == {(route, thing) for route, things in ROUTES.items() for thing in things}


def test_a_post_without_a_token_is_refused_everywhere(cast: Cast):
    refused = {
        (route, person): _status(cast, person, "post", address(route, thing, cast), csrf=True)
        for route, (thing, *_others) in ROUTES.items()
        for person in ("anonymous", "sanne", "marieke")
        if route != "csp_report"  # a browser's own report: it carries no token and changes nothing
    }
    # A form with a file is looked at once its handler is in place: who is not let in is turned away before that.
    turned_away = {what: refused.pop(what) for what in (("office:dossier", "anonymous"), ("office:dossier", "sanne"))}
    assert set(refused.values()) == {403}
    assert set(turned_away.values()) == {302}


@pytest.mark.parametrize("route", ["client:dossier", "client:download", "office:dossier"])
def test_absent_and_foreign_look_the_same(cast: Cast, route: str):
    person, foreign = ("joost", "secret") if route.startswith("office") else ("olga", ROUTES[route][0])
    browser = browser_of(cast.users[person])
    bodies = [browser.get(address(route, thing, cast)).content for thing in (foreign, "nowhere")]
    same = [re.sub(rb"[0-9a-f]{8}\.|csrf\S+ value=\S+|/[0-9a-f-]{36}/", b"", body) for body in bodies]
    assert same[0] == same[1]


def test_what_was_open_closes_at_the_next_request(cast: Cast):
    pages = [address("client:dossier", "purchase", cast), address("client:download", "sanne", cast)]
    browser = browser_of(cast.users["sanne"])
    before = [browser.get(page).status_code for page in pages]
    release(cast.parties["sanne"], by=cast.users["marieke"])
    after_release = [browser.get(page).status_code for page in pages]
    block(cast.users["sanne"], by=SYSTEM)
    after_block = [browser.get(page).status_code for page in pages]
    assert (before, after_release, after_block) == ([200, 200], [404, 404], [302, 302])


def _status(cast: Cast, person: str, method: str, path: str, *, csrf: bool = False) -> int:
    with transaction.atomic():
        browser = browser_of(cast.users.get(person), enforce_csrf_checks=csrf)
        status = getattr(browser, method)(path).status_code
        transaction.set_rollback(True)
    return int(status)


def _names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        else:
            yield from _names(pattern, f"{pattern.namespace}:" if pattern.namespace else prefix)
