"""Tests of the counter of `python -m tools.trace` on a package of two files."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from tools.trace.recorder import Call, Trace, recording

FIRST = """
def request(other):
    total = sum(other.double(number) for number in [1, 2])
    total += sum(map(lambda number: number + 1, other.numbers()))
    return finish(total)


def finish(total):
    return str(total)
"""
SECOND = """
def double(number):
    return number * 2


def numbers():
    yield 1
    yield 2
"""


@pytest.fixture
def trace(tmp_path: Path) -> Trace:
    first, second = load(tmp_path / "first.py", FIRST), load(tmp_path / "second.py", SECOND)
    with recording(tmp_path) as trace:
        assert first.request(second) == "11"
        finish_elsewhere()
    return trace


def load(path: Path, source: str) -> ModuleType:
    path.write_text(source)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def finish_elsewhere() -> None:
    """A function of another folder, which does not count."""


def test_trace_has_the_named_functions_of_the_folder(trace: Trace):
    assert [call.function for call in trace.calls] == [
        "request",
        *["double"] * 2,
        *["numbers"] * 3,  # at the start and after each of its values
        "finish",
    ]


def test_trace_counts_calls_files_switches_and_depth(trace: Trace):
    assert trace.figures() == {
        "calls": 7,
        "functions": 4,
        "files": 2,
        "switches": 2,
        "depth": 2,
    }


def test_tree_names_a_file_where_it_changes():
    calls = [Call("a.py", "view", 0), Call("b.py", "verb", 1), Call("b.py", "_check", 2)]
    lines = Trace(calls).tree().split("\n")
    assert [line.split() for line in lines] == [["a.py", "view"], ["b.py", "verb"], ["_check"]]
