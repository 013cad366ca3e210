"""Plain mode: on request, and under a version of Django that was not tested."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import django
import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from tests.house.source import ROOT

from portaal.domain.office.models import Office
from portaal.speed.guard import TESTED, is_plain
from portaal.speed.queries import prepared

BUILT: list[str] = []


@prepared
def _offices(name: str) -> QuerySet[Office]:
    BUILT.append(name)
    return Office.objects.filter(name=name)


@pytest.fixture(autouse=True)
def undecided(settings: LazySettings) -> Iterator[None]:
    """Let each test decide anew, without the `PORTAAL_PLAIN` of this run."""
    settings.PLAIN = False
    _decide_anew()
    yield
    _decide_anew()


def _decide_anew() -> None:
    is_plain.cache_clear()
    _offices.cache_clear()
    BUILT.clear()


def test_query_is_built_once(db: None):
    for name in ("a", "b", "a"):
        _offices(name)
    assert len(BUILT) == 1
    assert BUILT != ["a"]  # a stand-in


def test_plain_query_is_built_each_time(db: None, settings: LazySettings):
    settings.PLAIN = True
    office = Office.objects.create(name="b")
    with CaptureQueriesContext(connection) as captured:
        assert [_offices(name) for name in ("a", "b", "a")] == [[], [office], []]
    assert len(captured) == 3
    assert BUILT == ["a", "b", "a"]


def test_untested_django_gets_plain_queries(db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(django, "VERSION", (6, 0, 0, "final", 0))
    _offices("a")
    assert BUILT == ["a"]


def test_untested_django_is_logged_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(django, "VERSION", (6, 0, 0, "final", 0))
    with caplog.at_level(logging.WARNING, "portaal.speed"):
        for _ in range(3):
            assert is_plain()
    assert [record.getMessage() for record in caplog.records] == [
        "Django 6.0 was not tested with prepared queries: they run plainly"
    ]


@pytest.mark.parametrize("version", TESTED)
def test_tested_django_gets_prepared_queries(version: str, monkeypatch: Any):
    major, minor = map(int, version.split("."))
    monkeypatch.setattr(django, "VERSION", (major, minor, 99, "final", 0))
    assert not is_plain()


def test_pinned_django_is_a_tested_one():
    pinned = re.search(r"^django==(\d+\.\d+)", (ROOT / "requirements.txt").read_text(), re.M)
    assert pinned
    assert pinned[1] in TESTED
