"""The triggers of the journal, as its migration makes them."""

from __future__ import annotations

from importlib import import_module

from django.db.backends.base.base import BaseDatabaseWrapper

MIGRATION = import_module("portaal.domain.journal.migrations.0001_initial")
TABLE = "journal_event"

SQLITE_DROP = [
    f"DROP TRIGGER IF EXISTS {TABLE}_no_{operation}" for operation in ("update", "delete")
]
POSTGRESQL_DROP = [
    f"DROP TRIGGER IF EXISTS {TABLE}_rows ON {TABLE}",
    f"DROP TRIGGER IF EXISTS {TABLE}_all ON {TABLE}",
    f"DROP FUNCTION IF EXISTS {TABLE}_append_only",
]


def create(connection: BaseDatabaseWrapper) -> None:
    drop(connection)
    is_postgresql = connection.vendor == "postgresql"
    _run(connection, MIGRATION.POSTGRESQL if is_postgresql else MIGRATION.SQLITE)


def drop(connection: BaseDatabaseWrapper) -> None:
    _run(connection, POSTGRESQL_DROP if connection.vendor == "postgresql" else SQLITE_DROP)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
