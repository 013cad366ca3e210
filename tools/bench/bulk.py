"""Bulk inserts of model rows, without a query, signal or validation for each."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

from django.db import connections, models, transaction

BATCH = 2000
CACHE_KIB = 1_000_000  # page cache of SQLite: random keys hit every page of a table
connection = connections[
    "default"
]  # the object itself: django.db.connection looks it up at each value

INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    ),
}


@contextmanager
def loading() -> Iterator[None]:
    """Open one transaction without secondary indexes, and create these at its end.

    That costs less than updating them for each row.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        with transaction.atomic():
            if (
                connection.vendor == "postgresql"
            ):  # deferred checks of millions of rows would wait in memory
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(INDEXES[connection.vendor])
            indexes = cursor.fetchall()
            for name, _made in indexes:
                cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
            yield
            for done, (_name, made) in enumerate(indexes, start=1):
                cursor.execute(made)
                say("indexes", done, len(indexes))
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")  # autovacuum would do it sooner or later


def insert(rows: Iterator[models.Model], many: int) -> None:
    """Insert rows of one table in batches: COPY on PostgreSQL, executemany on SQLite."""
    done = 0
    while batch := list(islice(rows, BATCH)):
        meta = batch[0]._meta
        fields = [
            field
            for field in meta.concrete_fields
            if not field.primary_key or batch[0].pk is not None
        ]
        columns = [
            (field.attname, partial(field.get_db_prep_save, connection=connection))
            for field in fields
        ]
        values = ([saved(getattr(row, name)) for name, saved in columns] for row in batch)
        table, names = (
            connection.ops.quote_name(meta.db_table),
            ", ".join(field.column for field in fields),
        )
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in values:
                        copy.write_row(row)
            else:
                marks = ", ".join("?" * len(fields))
                insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our names
                cursor.connection.executemany(insert, values)
        done += len(batch)
        say(meta.verbose_name_plural, done, many)


def say(what: Any, done: int, many: int) -> None:
    """Print the progress: on one line in a terminal, as ten lines a table elsewhere."""
    if sys.stderr.isatty():
        print(
            f"\r    {what}: {done:,} of {many:,}",
            end="\n" if done == many else "",
            file=sys.stderr,
            flush=True,
        )
    elif done == many or done * 10 // many != (done - BATCH) * 10 // many:
        print(f"    {what}: {done:,} of {many:,}", file=sys.stderr, flush=True)
