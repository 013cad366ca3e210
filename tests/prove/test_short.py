"""The short form of `make prove`: every scenario once, small. The portal is the real one; nothing is timed."""

from __future__ import annotations

import pytest
from tests.prove import kills

pytestmark = pytest.mark.slow


def test_what_was_acknowledged_survives_kill_9():
    assert "0 lost, 0 doubled, 0 half" in kills.prove(kills=8, workers=4, lane_count=2)
