"""The short form of `make prove`: its scenarios once, small. The portal is the real one; nothing is timed."""

from __future__ import annotations

import os
import shutil

import pytest
from tests.prove import io_errors, kills, points, power

pytestmark = pytest.mark.slow
is_postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="no strace: make prove installs it")
needs_sqlite = pytest.mark.skipif(is_postgresql, reason="the database's own calls are another process's")


def test_what_was_acknowledged_survives_kill_9():
    assert "0 lost, 0 doubled, 0 half" in kills.prove(kills=6, workers=4, lane_count=2)


@needs_sqlite
def test_what_was_acknowledged_survives_a_power_cut():
    if reason := power.why_not():
        pytest.skip(reason)
    acts, faults = power.cut(1)
    assert (acts > 0, faults) == (True, [])


@needs_strace
@needs_sqlite
def test_a_publication_that_dies_on_the_way_is_done_once_when_it_is_asked_again():
    assert points.prove(calls=["rename"]).startswith("1 points")


@needs_strace
@needs_sqlite
def test_a_disk_that_fails_is_owned_up_to():
    assert io_errors.prove(calls=[], errors=["EIO"], served=["fsync"]).startswith("1 pages that say so")
