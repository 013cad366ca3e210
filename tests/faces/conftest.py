"""Fixtures of the faces: the cast has exchanged messages."""

from __future__ import annotations

import pytest
from tests.people import Cast, write_messages


@pytest.fixture(scope="module")
def everyone(everyone: Cast) -> Cast:
    write_messages(everyone)
    return everyone
