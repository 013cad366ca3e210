"""A snapshot of the cast: rows and files, made once per process, restored per test."""

from __future__ import annotations

import tempfile
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation
from tests.people import Cast, make_cast

from portaal.gateways.blobs import blobs


class Table(NamedTuple):
    columns: list[str]
    key: str
    rows: list[tuple[Any, ...]]


class Snapshot(NamedTuple):
    cast: Cast
    tables: dict[str, Table]
    files: dict[UUID, bytes]  # the encrypted bytes by blob id


def restore_cast() -> Cast:
    """Insert the rows and files of `make_cast` into the database and the store of this test.

    A hundred times as fast as `make_cast`, for tests that cannot share `everyone`. The snapshot
    was made with the settings of the process, not with those of the test.
    """
    snapshot = _snapshot()
    with transaction.atomic(), connection.cursor() as cursor:
        for name, table in snapshot.tables.items():
            cursor.executemany(_upsert(name, table), table.rows)
        models = [model for model in apps.get_models() if model._meta.db_table in snapshot.tables]
        if counters := connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute("".join(counters))
    for blob_id, content in snapshot.files.items():
        writer = blobs().writer(blob_id)
        writer.write(content)
        writer.commit()
    return deepcopy(snapshot.cast)


@cache
def _snapshot() -> Snapshot:
    """Make the cast in a transaction and a temporary store, and roll both back."""
    with (
        tempfile.TemporaryDirectory(prefix="portaal-tests-") as folder,
        override_settings(FILES_DIR=Path(folder), FILES_S3=None),
        translation.override("nl"),
        transaction.atomic(),
    ):
        before = _tables()
        cast = make_cast()
        tables = {
            name: Table(
                table.columns,
                table.key,
                [row for row in table.rows if row not in before[name].rows],
            )
            for name, table in _tables().items()
        }
        files = {}
        for blob_id, _written in blobs().ids():
            with blobs().open(blob_id) as stored:
                files[blob_id] = stored.read()
        transaction.set_rollback(True)
    return Snapshot(cast, {name: table for name, table in tables.items() if table.rows}, files)


def _tables() -> dict[str, Table]:
    tables = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            meta = model._meta
            assert meta.pk
            columns = [field.column for field in meta.concrete_fields]
            column_list = ", ".join(map(_quoted, columns))
            sql = f"SELECT {column_list} FROM {_quoted(meta.db_table)}"  # noqa: S608 - own names
            cursor.execute(sql)
            tables[meta.db_table] = Table(columns, meta.pk.column, cursor.fetchall())
    return tables


def _upsert(name: str, table: Table) -> str:
    """Return SQL that replaces rows that exist already, such as the head of the journal."""
    columns, placeholders = (
        ", ".join(map(_quoted, table.columns)),
        ", ".join(["%s"] * len(table.columns)),
    )
    changes = ", ".join(
        f"{_quoted(column)} = excluded.{_quoted(column)}" for column in table.columns
    )
    return (
        f"INSERT INTO {_quoted(name)} ({columns}) VALUES ({placeholders})"  # noqa: S608 - own names
        f" ON CONFLICT ({_quoted(table.key)}) DO UPDATE SET {changes}"
    )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
