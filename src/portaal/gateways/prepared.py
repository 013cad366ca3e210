"""Queries that the ORM builds and compiles once, and that run again with other values: building one costs more than running it.

    @prepared
    def _news(reader: User, dossier: UUID) -> QuerySet[Publication]:
        return Publication.objects.new_to(reader).filter(dossier=dossier)

    news = _news(request.user, dossier.pk)  # a list

The function is called once for each shape of its arguments, with stand-ins for them, and the SQL that comes of it is kept; from
then on the values take the stand-ins' places among its parameters. So what a query looks at can only be its arguments: a UUID or
a text, lists of them (their length is part of the shape), a whole number (part of the shape itself), or a row, of which
only the key and the columns in its `SHAPE` can be looked at. Nothing that was read is kept: each call asks the database.

PostgreSQL keeps such a statement too, by connection, with its plan: planning these queries takes it as long as running them.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

SHAPES_MAX = 500  # kept by each thread for one query; then it begins anew

Build = TypeVar("Build", bound=Callable[..., QuerySet[Any, Any]])


def prepared(build: Build) -> Callable[..., list[Any]]:
    known = _Known()

    @wraps(build)
    def rows(*arguments: Any) -> list[Any]:
        shape = tuple(map(_shape, arguments))
        statement = known.statements.get(shape)
        if statement is None:
            if len(known.statements) >= SHAPES_MAX:
                known.statements.clear()
            statement = known.statements[shape] = _Statement(build, arguments)
        return statement.rows(arguments)

    return rows


class _Known(threading.local):
    """By thread, as a connection is: what was compiled holds on to it."""

    def __init__(self) -> None:
        self.statements: dict[Hashable, _Statement] = {}


class _Statement:
    """One query in one shape: its SQL, and which of its parameters is which value."""

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], arguments: tuple[Any, ...]
    ) -> None:
        stand_ins = [_stand_in(argument) for argument in arguments]
        with connection.execute_wrapper(_refuse):
            self.queryset = build(*stand_ins)
            self.compiler: Any = self.queryset.query.get_compiler(self.queryset.db)
            try:
                self.sql, parameters = self.compiler.as_sql()
            except EmptyResultSet:  # it finds nothing, whatever the values
                self.sql, parameters = "", ()
        self.writes_hex = not connection.features.has_native_uuid_field
        values = self._values(stand_ins)
        if connection.vendor == "postgresql":
            self.sql, parameters = _with_constants(self.sql, parameters, values)
        self.parameters = list(parameters)
        self.places = [
            (place, values.index(value))
            for place, value in enumerate(parameters)
            if value in values
        ]
        if self.sql and {number for _place, number in self.places} != set(range(len(values))):
            raise TypeError(
                f"{build.__qualname__} must look for everything that it is given, as it is given"
            )
        # From here on the query set makes its rows as ever, of SQL that is there already.
        query: Any = self.queryset.query
        query.get_compiler = lambda *_, **__: self.compiler
        if self.sql:
            converters = self.compiler.get_converters(
                [column for column, *_ in self.compiler.select[: self.compiler.col_count]]
            )
            self.compiler.get_converters = lambda _columns: converters

    def rows(self, arguments: tuple[Any, ...]) -> list[Any]:
        if not self.sql:
            return []
        parameters, values = self.parameters.copy(), self._values(arguments)
        for place, number in self.places:
            parameters[place] = values[number]
        self.compiler.as_sql = lambda: (self.sql, tuple(parameters))
        rows: Any = self.queryset._iterable_class
        with _kept_by_database():
            return list(rows(self.queryset))

    def _values(self, arguments: Iterable[Any]) -> list[UUID | str]:
        """What takes the stand-ins' places, as this database has it."""
        if self.writes_hex:
            return [value.hex if isinstance(value, UUID) else value for value in _values(arguments)]
        return list(_values(arguments))


def _with_constants(
    sql: str, parameters: Sequence[Any], values: list[Any]
) -> tuple[str, list[Any]]:
    """The query with what is not one of the values written into it: a plan that is made once can count on it."""
    write: Any = connection.ops
    rest = iter(parameters)
    varying: list[Any] = []

    def written(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return "%%"
        if (parameter := next(rest)) in values:
            varying.append(parameter)
            return "%s"
        return str(write.compose_sql("%s", [parameter])).replace("%", "%%")

    return re.sub("%[%s]", written, sql), varying


@contextmanager
def _kept_by_database() -> Iterator[None]:
    """In here PostgreSQL gets a statement and its values apart, so that it plans it once (settings: `prepare_threshold`)."""
    if connection.vendor != "postgresql":
        yield
        return
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    held = connection.connection
    usual, held.cursor_factory = held.cursor_factory, ServerBindingCursor
    try:
        yield
    finally:
        held.cursor_factory = usual


def _shape(argument: Any) -> Hashable:
    """What a query is compiled for anew."""
    if isinstance(argument, Model):
        return type(argument), *(getattr(argument, name) for name in _columns(argument))
    if isinstance(argument, list):
        return tuple(map(type, argument))
    if isinstance(argument, int):
        return type(argument), argument
    return cast(Hashable, type(argument))


def _stand_in(argument: Any) -> Any:
    """Something of the same shape that is nothing that exists. Other columns of a row are deferred: to look at one is to ask."""
    if isinstance(argument, Model):
        names = _columns(argument)
        key = argument._meta.pk.attname if argument._meta.pk else ""
        return type(argument).from_db(
            None, [key, *names], [uuid4(), *(getattr(argument, name) for name in names)]
        )
    if isinstance(argument, list):
        return [_stand_in(each) for each in argument]
    if isinstance(argument, UUID):
        return uuid4()
    if isinstance(argument, str):
        return uuid4().hex
    if isinstance(argument, int):
        return argument
    raise TypeError(f"a prepared query cannot be given {type(argument).__name__}")


def _columns(row: Model) -> tuple[str, ...]:
    return getattr(row, "SHAPE", ())


def _values(arguments: Iterable[Any]) -> Iterator[UUID | str]:
    """Of arguments, what becomes a parameter, in order."""
    for argument in arguments:
        if isinstance(argument, Model):
            yield argument.pk
        elif isinstance(argument, list):
            yield from argument
        elif not isinstance(argument, int):
            yield argument


def _refuse(*_: Any) -> None:
    raise TypeError("a prepared query looks at something else than its arguments")
