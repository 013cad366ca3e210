"""Plugin of pytest that runs wanted tests in order and writes down the first failure."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

# Tests run in portions of this size, each sorted by module: fixtures of a module cost more than
# most tests. All tests after the last portion are one more.
PORTIONS = (8, 32)


def portions(order: list[str]) -> Iterator[list[str]]:
    """Yield the tests in portions, those of one module together."""
    start = 0
    for size in (*PORTIONS, len(order)):
        portion = order[start : start + size]
        modules = list(dict.fromkeys(test.partition("::")[0] for test in portion))
        yield sorted(portion, key=lambda test: modules.index(test.partition("::")[0]))
        start += size


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--walls-order", help="JSON file with the tests, in order")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Order(Path(config.getoption("--walls-order"))))
    config.option.reuse_db = True  # the option of pytest-django, which else removes `_Order.tables`


class _Order:
    """Runs the wanted tests in their order, and writes down the first failure."""

    def __init__(self, wanted: Path) -> None:
        self.wanted: list[str] = json.loads(wanted.read_text())
        self.failure = wanted.with_name("walls-failure.json")
        self.tables = wanted.with_name("walls-tables.sqlite3")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        _accept_unchecked()
        known = {item.nodeid: item for item in items}
        items[:] = [
            known[test] for portion in portions(self.wanted) for test in portion if test in known
        ]

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        """Copy the empty tables of an earlier trial: making them takes longer than most tests."""
        if fixturedef.argname != "django_db_setup":
            return (yield)
        from django.db import connection

        path = Path(connection.settings_dict["TEST"]["NAME"])
        if self.tables.exists():
            shutil.copy(self.tables, path)
        result = yield
        if not self.tables.exists():
            with closing(connect(path)) as made, closing(connect(self.tables)) as copy:
                made.backup(copy)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Iterator[None]:
        """Stop after the first failure in a test itself; one in a fixture says nothing."""
        report: Any = yield
        if report.when == "call" and report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            why = str(crash.message if crash else report.longrepr)[:300]
            self.failure.write_text(json.dumps({"test": report.nodeid, "why": why}))
            item.session.shouldfail = "without the check a test fails"
        return report


def _accept_unchecked() -> None:
    """Let the source run without a check, so that tests of access fail and not all tests.

    A `@prepared` query refuses an argument that it does not use, as that of the removed check. The
    `find` of rows from `visible_to` is missing in others.
    """
    prepared = sys.modules.get("portaal.speed.queries")
    if prepared:
        vars(prepared)["_refuse_unused"] = lambda *_: None
    visible: Any = sys.modules.get("portaal.domain.visible")
    if visible:
        from django.db.models import QuerySet

        QuerySet.find = visible.Visible.find  # type: ignore[attr-defined]
