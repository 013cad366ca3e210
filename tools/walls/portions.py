"""Plugin of pytest that runs wanted tests in order and writes down the first failure."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Tests run in portions of this size, each sorted by module: fixtures of a module cost more than
# most tests. All tests after the last portion are one more.
PORTIONS = (8, 32, 128)


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


class _Order:
    """Runs the wanted tests in their order, and writes down the first failure."""

    def __init__(self, wanted: Path) -> None:
        self.wanted: list[str] = json.loads(wanted.read_text())
        self.failure = wanted.with_name("walls-failure.json")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        _accept_unused()
        known = {item.nodeid: item for item in items}
        items[:] = [
            known[test] for portion in portions(self.wanted) for test in portion if test in known
        ]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failure.exists():
            crash = getattr(report.longrepr, "reprcrash", None)
            why = f"{report.when}: {crash.message if crash else report.longrepr}"[:300]
            self.failure.write_text(json.dumps({"test": report.nodeid, "why": why}))


def _accept_unused() -> None:
    """Let a `@prepared` query run without the argument that the removed check used.

    Else each test would fail on that, and nothing would be known about access.
    """
    prepared = sys.modules.get("portaal.gateways.prepared")
    if prepared:
        vars(prepared)["_refuse_unused"] = lambda *_: None
