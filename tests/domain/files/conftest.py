"""Fixtures of the room `files`: every test runs with both stores, except the corpus."""

from __future__ import annotations

from typing import Any

import pytest
from tests.stores import Hands, S3Hands


@pytest.fixture(autouse=True)
def _each_store(_own_store: None, settings: Any, hands: Hands) -> None:
    if isinstance(hands, S3Hands):
        settings.FILES_S3 = hands.location
    else:
        settings.FILES_DIR = hands.folder
