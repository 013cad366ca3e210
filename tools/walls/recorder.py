"""Plugin of pytest that records which tests reach which check.

A check is reached by a test that executes one of its lines. A decorator of a view is reached by
each test that requests the view; coverage alone would miss those that it refuses. Fixtures that
several tests share reach a check for none of them.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import coverage
import pytest

SHARED = "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--walls-spans", help="JSON file with the lines of the checks")
    parser.addoption("--walls-reach", help="folder for the tests that reach them")


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None):
        config.pluginmanager.register(_Recorder(config))


class _Recorder:
    """The recording of one process."""

    def __init__(self, config: pytest.Config) -> None:
        self.spans = json.loads(Path(config.getoption("--walls-spans")).read_text())
        worker = getattr(config, "workerinput", {}).get("workerid", "main")
        self.result = Path(config.getoption("--walls-reach")) / f"{worker}.json"
        self.files = {str(config.rootpath / span["path"]) for span in self.spans}
        self.root = config.rootpath
        self.views: dict[tuple[str, str], set[str]] = {}
        self.seconds: dict[str, float] = {}
        self.failing: set[str] = set()
        self.forget: list[Callable[[], object]] = []
        self.test = ""
        self.coverage = coverage.Coverage(
            data_file=None, config_file=False, include=sorted(self.files), messages=False
        )
        self.coverage.start()
        self._watch_views()

    def pytest_collection_finish(self) -> None:
        self.forget = list(_caches(self.files))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        for forget in self.forget:
            forget()
        self.test = item.nodeid
        self.coverage.switch_context(self.test)
        result = yield
        self.coverage.switch_context(SHARED)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        self.coverage.switch_context(SHARED)
        try:
            return (yield)
        finally:
            self.coverage.switch_context(self.test)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.seconds[report.nodeid] = round(report.duration, 3)
        if report.failed:
            self.failing.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        data = self.coverage.get_data()
        contexts = {path: data.contexts_by_lineno(path) for path in data.measured_files()}
        tests = {}
        for span in self.spans:
            lines = contexts.get(str(self.root / span["path"]), {})
            inside = {
                test
                for line in range(span["first"], span["last"] + 1)
                for test in lines.get(line, [])
            }
            requested = self.views.get((span["path"], span["view"]), inside)
            tests[span["name"]] = {
                test: test not in inside for test in inside | requested if test in self.seconds
            }
        found = {"tests": tests, "seconds": self.seconds, "failing": sorted(self.failing)}
        self.result.write_text(json.dumps(found))

    def _watch_views(self) -> None:
        from django.core.handlers.base import BaseHandler

        resolve = BaseHandler.resolve_request

        def resolved(handler: BaseHandler, request: Any) -> Any:
            match = resolve(handler, request)
            code = getattr(inspect.unwrap(match.func), "__code__", None)
            if code and Path(code.co_filename).is_relative_to(self.root):
                path = str(Path(code.co_filename).relative_to(self.root))
                self.views.setdefault((path, code.co_name), set()).add(self.test)
            return match

        BaseHandler.resolve_request = resolved  # type: ignore[method-assign]


def _caches(files: set[str]) -> Iterator[Callable[[], object]]:
    """Yield a function to empty each cache in these files; a cached call reaches nothing.

    These are the functions with `cache_clear`.
    """
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) not in files:
            continue
        for function in vars(module).values():
            if hasattr(function, "cache_clear") and not inspect.isclass(function):
                yield function.cache_clear
