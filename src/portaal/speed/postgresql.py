"""Prepared statements of PostgreSQL.

Django's cursor puts the values into the text of a statement, so PostgreSQL plans each one again,
and planning a query of a page takes as long as running it. A prepared query sends its statement and
its values separately. PostgreSQL then prepares the statement once for each connection
(`PREPARE_THRESHOLD`: at its first execution), and makes one plan that does not depend on the values
(`plan_cache_mode`). Otherwise it would plan five times with the values before it considers that.

Compiling plans (`jit`) takes longer than any query of the portal runs. Statements of plain Django
are not prepared, and for them only `jit` makes a difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PREPARE_THRESHOLD = 0  # of the driver
SERVER_OPTIONS = "-c plan_cache_mode=force_generic_plan -c jit=off"


@contextmanager
def values_apart() -> Iterator[None]:
    """Send statements and values to PostgreSQL separately."""
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    driver = connection.connection
    usual, driver.cursor_factory = driver.cursor_factory, ServerBindingCursor
    try:
        yield
    finally:
        driver.cursor_factory = usual
