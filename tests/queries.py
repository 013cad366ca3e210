"""Capture the SQL statements of a block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Yield a list that fills with (SQL, parameters) of each statement."""
    captured: list[tuple[str, Any]] = []

    def capture(
        execute: Callable[..., Any], sql: str, values: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        captured.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(capture):
        yield captured
