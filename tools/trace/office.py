"""An empty test database and file store with the test cast, outside pytest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test.utils import override_settings, setup_test_environment
from tests.people import make_cast


@contextmanager
def open_office() -> Iterator[Any]:
    """Yield the cast of tests/people.py, from the checkout that is first on sys.path."""
    setup_test_environment()
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    try:
        with override_settings(FREE_SPACE_MIN=0):
            yield make_cast()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
