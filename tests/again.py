"""The cast a second time: made once by a process through the verbs, then put back as the rows and the files that it was."""

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


class Made(NamedTuple):
    cast: Cast
    tables: dict[str, Table]
    files: dict[UUID, bytes]  # as they lie in the store


def cast_again() -> Cast:
    """What `make_cast` makes, in the database and the store of this test, a hundred times as fast: for tests that cannot share
    `everyone`. It was made earlier, with the settings of the process."""
    made = _made()
    with transaction.atomic(), connection.cursor() as cursor:
        for name, table in made.tables.items():
            cursor.executemany(_put(name, table), table.rows)
        models = [model for model in apps.get_models() if model._meta.db_table in made.tables]
        if counters := connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute("".join(counters))
    for blob, content in made.files.items():
        writer = blobs().writer(blob)
        writer.write(content)
        writer.commit()
    return deepcopy(made.cast)


@cache
def _made() -> Made:
    """What it is, of which nothing is left."""
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
        for blob, _written in blobs().ids():
            with blobs().open(blob) as stored:
                files[blob] = stored.read()
        transaction.set_rollback(True)
    return Made(cast, {name: table for name, table in tables.items() if table.rows}, files)


def _tables() -> dict[str, Table]:
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            meta = model._meta
            assert meta.pk
            columns = [field.column for field in meta.concrete_fields]
            names = ", ".join(map(_quoted, columns))
            cursor.execute(f"SELECT {names} FROM {_quoted(meta.db_table)}")  # noqa: S608 - models' names
            found[meta.db_table] = Table(columns, meta.pk.column, cursor.fetchall())
    return found


def _put(name: str, table: Table) -> str:
    """A row that every database begins with, such as the head of the journal, is there already."""
    columns, marks = ", ".join(map(_quoted, table.columns)), ", ".join(["%s"] * len(table.columns))
    changes = ", ".join(
        f"{_quoted(column)} = excluded.{_quoted(column)}" for column in table.columns
    )
    return (
        f"INSERT INTO {_quoted(name)} ({columns}) VALUES ({marks})"  # noqa: S608 - names of ours
        f" ON CONFLICT ({_quoted(table.key)}) DO UPDATE SET {changes}"
    )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
