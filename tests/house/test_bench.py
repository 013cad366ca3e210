"""Tests of the benchmark: its arithmetic, and one short run."""

from __future__ import annotations

import sys

import pytest
from tests.house.bench import measured
from tools.bench import report
from tools.bench.measure import Figures, percentile
from tools.bench.paper import LEAST, pdf


def test_percentile_is_one_of_the_values():
    assert [percentile([1.0, 2.0, 3.0, 4.0], percent) for percent in (1, 50, 51, 75, 99)] == [
        1.0,
        2.0,
        3.0,
        3.0,
        4.0,
    ]


def test_ratio_is_computed_within_its_round():
    busy_and_quiet = Figures(
        cpu=[8.0, 4.0, 4.4],
        whole_cpu=[16.0, 8.0, 8.8],
        clock=[9.0, 5.0, 5.0],
        floor_cpu=[2, 1, 1],
        floor_whole_cpu=[2, 1, 1],
    )
    summary = busy_and_quiet.summary()
    assert summary["ratio"] == 4
    assert summary["ratio_with_database"] == 8
    assert summary["clock_ms"] == 5000


def test_table_shows_the_worse_database():
    def figures(ratio: float) -> dict[str, float]:
        return {
            "ratio": ratio,
            "ratio_with_database": ratio + 1,
            "cpu_with_database_ms": 2.0,
            "floor_cpu_with_database_ms": 1.0,
            "clock_ms": 3.0,
        }

    found = {"sqlite": {"one": {"home": figures(2)}}, "postgresql": {"one": {"home": figures(3)}}}
    assert [
        cell.strip() for cell in report.table({"databases": found}).splitlines()[2].split("|")[1:-1]
    ] == [*("home", "3.0", "2.00", "3.0", "4.0", "2.00", "3.0", "4.0", "4.3", "3.5")]


@pytest.mark.parametrize("octets", [LEAST, 1000, 1_000_000, 1_234_567])
def test_generated_pdf_has_its_size_and_a_valid_table(octets: int):
    content = pdf(octets)
    place = int(content.rpartition(b"startxref\n")[2].split()[0])
    assert len(content) == octets
    assert content[place : place + 4] == b"xref"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads processor time as Linux keeps it")
def test_benchmark_runs(tmp_path):
    found = measured(tmp_path, "bench-50.json", BENCH="short")["one"]
    assert {*report.RATIOS, report.DOWNLOAD} <= set(found)
    assert {
        name: figures["ratio"] for name, figures in found.items() if figures["ratio"] <= 1
    } == {}
