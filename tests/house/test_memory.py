"""Memory of a large file.

A module of its own lets it run beside the other benchmark.
"""

from __future__ import annotations

import sys

import pytest
from tests.house.bench import measured
from tools.bench import report
from tools.bench.measure import WAYS


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux", reason="reads the memory of a process as Linux says it"
)
def test_large_file_leaves_processes_small(tmp_path):
    found = measured(tmp_path, "bench-50-memory.json", BENCH="memory", MEGABYTES="64")["memory"]
    assert list(found) == list(WAYS)
    assert {
        way: figures["grew_mb"]
        for way, figures in found.items()
        if figures["grew_mb"] > report.GROWTH_MB / 2
    } == {}
