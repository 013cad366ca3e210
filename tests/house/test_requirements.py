"""Requirements: each has its row, and what a row or a citation names exists."""

from __future__ import annotations

import re

from tests.house.source import ROOT
from tools.legible import prose_of, python_files

PAGE = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| R(\d+) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
CITATION = re.compile(r"\bR(\d{1,2})\b")


def test_requirements_are_numbered_without_a_gap():
    assert [int(number) for number, _text, _test in ROWS] == list(range(1, 99))


def test_each_requirement_names_a_test_or_what_it_waits_for():
    known = ("tests/", "later: ", "reviewed: ")
    assert [number for number, _text, test in ROWS if not test.startswith(known)] == []


def test_each_test_of_a_requirement_exists():
    paths = {path for _number, _text, test in ROWS for path in re.findall(r"tests/[\w/.]+", test)}
    assert {path for path in paths if not (ROOT / path).exists()} == set()


def test_each_cited_requirement_has_a_row():
    numbers = {int(number) for number, _text, _test in ROWS}
    cited = {
        int(number)
        for path in python_files(ROOT, "src", "tests", "tools")
        if CITATION.search(path.read_text(encoding="utf-8"))  # parsing all takes seconds
        for prose in prose_of(path)
        for number in CITATION.findall(prose.text)
    }
    assert cited - numbers == set()
