"""The room as a parameter of each test."""

from __future__ import annotations

import pytest
from tests.domain.reading.rooms import Documents, Messaging, Room


@pytest.fixture(params=[Documents, Messaging], ids=["documents", "messaging"])
def room(request: pytest.FixtureRequest) -> Room:
    found: Room = request.param()
    return found
