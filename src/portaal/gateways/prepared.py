"""Queries that the ORM compiles once and runs again with other values.

    @prepared
    def _news(reader: User, dossier: UUID) -> QuerySet[Publication]:
        return Publication.objects.new_to(reader).filter(dossier=dossier)

    news = _news(request.user, dossier.pk)  # a list

Building such a query costs more than running it. The function is called once for each shape of its
arguments, with stand-in values, and its SQL is kept. Later calls put their values in the places of
the stand-ins among the parameters. So a query can depend on its arguments only: a UUID or a text,
lists of them (the length is part of the shape), an integer (part of the shape itself), or a model
instance, of which only the primary key and the columns in its `SHAPE` are available. Results are
never kept: each call queries the database.

PostgreSQL keeps the plan of such a statement for each connection, because planning takes as long as
running it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

SHAPES_MAX = 500  # for each thread and query; at the limit all of them are dropped

Arguments = ParamSpec("Arguments")
Row = TypeVar("Row")


def prepared(build: Callable[Arguments, QuerySet[Any, Row]]) -> Callable[Arguments, list[Row]]:
    known = _Known()

    @wraps(build)
    def rows(*arguments: Arguments.args, **_: Arguments.kwargs) -> list[Row]:
        shape = tuple(map(_shape, arguments))
        statement = known.statements.get(shape)
        if statement is None:
            if len(known.statements) >= SHAPES_MAX:
                known.statements.clear()
            statement = known.statements[shape] = _Statement(build, arguments)
        return statement.rows(arguments)

    return rows


class _Known(threading.local):
    """Compiled statements of this thread, because they refer to its connection."""

    def __init__(self) -> None:
        self.statements: dict[Hashable, _Statement] = {}


class _Statement:
    """The SQL of one query for one shape, and the argument behind each of its parameters."""

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], arguments: tuple[Any, ...]
    ) -> None:
        stand_ins = [_stand_in(argument) for argument in arguments]
        with connection.execute_wrapper(_refuse):
            self.queryset = build(*stand_ins)
            self.compiler: Any = self.queryset.query.get_compiler(self.queryset.db)
            try:
                self.sql, parameters = self.compiler.as_sql()
            except EmptyResultSet:  # it matches no row for any value
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
        if self.sql:
            _refuse_unused(build, len(values), {number for _place, number in self.places})
        # From here on the queryset builds its rows as usual, but from the SQL compiled above.
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
        """Return the values of the parameters, in the form that this database uses."""
        if self.writes_hex:
            return [value.hex if isinstance(value, UUID) else value for value in _values(arguments)]
        return list(_values(arguments))


def _with_constants(
    sql: str, parameters: Sequence[Any], values: list[Any]
) -> tuple[str, list[Any]]:
    """Return the SQL with its constant parameters inlined, and the remaining parameters.

    PostgreSQL then plans with the constants, as the plan is made only once.
    """
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
    """Send statements and values to PostgreSQL separately, so that it plans a statement once.

    See `prepare_threshold` in the settings.
    """
    if connection.vendor != "postgresql":
        yield
        return
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    driver = connection.connection
    usual, driver.cursor_factory = driver.cursor_factory, ServerBindingCursor
    try:
        yield
    finally:
        driver.cursor_factory = usual


def _shape(argument: Any) -> Hashable:
    """Return the shape of an argument; a query is compiled for each shape."""
    if isinstance(argument, Model):
        return type(argument), *(getattr(argument, name) for name in _columns(argument))
    if isinstance(argument, list):
        return tuple(map(type, argument))
    if isinstance(argument, int):
        return type(argument), argument
    return cast(Hashable, type(argument))


def _stand_in(argument: Any) -> Any:
    """Return a random value of the same shape.

    The other columns of a model instance are deferred; reading one would run a query, which is
    refused.
    """
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
    """Yield the parameters that the arguments become, in order."""
    for argument in arguments:
        if isinstance(argument, Model):
            yield argument.pk
        elif isinstance(argument, list):
            yield from argument
        elif not isinstance(argument, int):
            yield argument


def _refuse_unused(build: Callable[..., object], given: int, used: set[int]) -> None:
    """Raise TypeError if the query does not depend on each value that it is given."""
    if len(used) != given:
        raise TypeError(
            f"{build.__qualname__} must look for everything that it is given, as it is given"
        )


def _refuse(*_: Any) -> None:
    raise TypeError("a prepared query looks at something else than its arguments")
