"""The table of limits equals the code and is complete."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Mapping
from datetime import timedelta
from functools import reduce
from typing import Any

import pytest
from django.conf import settings
from tests.house.source import ROOT, modules, place, tree

from portaal.domain.throttle.limits import LIMITS

PAGE = (ROOT / "docs" / "operations" / "limits.md").read_text()
ROWS = re.findall(
    r"^\|[^|]*\| ([\d,]+)(?: (\w+))?(?: in (\d+) (\w+))? \| `([\w.]+):([\w.-]+)` \|$",
    PAGE,
    re.MULTILINE,
)
UNITS = {"": 1, "characters": 1, "bytes": 1, "pixels": 1, "kB": 1000, "MB": 1024 * 1024}
SECONDS = {"seconds": 1, "minute": 60, "minutes": 60, "hour": 3600, "hours": 3600, "days": 86400}


def in_the_code(module: str, path: str) -> Any:
    first, *rest = path.split(".")
    whole = settings if module == "settings" else importlib.import_module(f"portaal.{module}")

    def step(thing: Any, name: str) -> Any:
        if isinstance(thing, Mapping):
            return thing[name]
        return thing[int(name)] if isinstance(thing, list) else getattr(thing, name)

    found = reduce(step, rest, getattr(whole, first))
    return int(found.total_seconds()) if isinstance(found, timedelta) else found


@pytest.mark.parametrize("row", ROWS, ids=[row[-1] for row in ROWS])
def test_limit_in_table_equals_code(row: tuple[str, ...]) -> None:
    number, unit, window, window_unit, module, path = row
    times = int(number.replace(",", ""))
    said = (
        (times, int(window) * SECONDS[window_unit]) if window else times * (UNITS | SECONDS)[unit]
    )
    assert in_the_code(module, path) == said


def test_each_row_of_limits_is_parsed() -> None:
    assert len(ROWS) == len(re.findall(r"^\|.*`[\w.]+:[\w.-]+`", PAGE, re.MULTILINE)) > 40


def test_each_limit_is_in_the_table() -> None:
    named = {f"{module}:{path.split('.')[0]}" for *_rest, module, path in ROWS}
    ours = {
        f"{place(path).removesuffix('.py').replace('/', '.')}:{target.id}"
        for path in modules("domain", "web", "faces")
        for node in tree(path).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and re.search(r"_MAX(_|$)|^MOST$|^PER_PAGE$", target.id)
    }
    assert ours - named - set(ELSEWHERE) == set()
    every = {
        f"LIMITS.{what}.{whom}.{n}"
        for what, by in LIMITS.items()
        for whom, most in by.items()
        for n in range(len(most))
    }
    assert {path for *_rest, path in ROWS if path.startswith("LIMITS.")} == every


ELSEWHERE = {"faces.mailbox.views:PER_PAGE": "demo and development only"}
