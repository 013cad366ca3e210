"""Queries that the ORM compiles once and runs again with other values.

    @prepared
    def _news(reader: User, dossier: UUID) -> QuerySet[Publication]:
        return Publication.objects.new_to(reader).filter(dossier=dossier)

    news = _news(request.user, dossier.pk)  # a list

Building such a query costs more than running it. The function is called once for each shape of its
arguments, with stand-in values, and its SQL is kept. Later calls put their values in the places of
the stand-ins among the parameters. So a query can depend on its arguments only: a UUID or a text,
lists of them (the length is part of the shape), an integer (part of the shape itself), or a model
instance, of which only the primary key and the columns named with `shaped_by` are available.
Results are never kept: each call queries the database.

With `PORTAAL_PLAIN=1` the function is called each time and its queryset is run: see guard.py.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, cast, overload
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Model, QuerySet, Value
from django.http import Http404

from .guard import is_plain
from .postgresql import values_apart

SHAPES_MAX = 500  # for each thread and query; at the limit all of them are dropped

Arguments = ParamSpec("Arguments")
Row = TypeVar("Row")
VisibleRow = TypeVar("VisibleRow", covariant=True)
Table = TypeVar("Table", bound=type[Model])

_COLUMNS: dict[type[Model], tuple[str, ...]] = {}


class Prepared(Generic[Arguments, Row]):
    """A prepared query; call it with its arguments for the list of rows."""

    def __init__(self, build: Callable[Arguments, QuerySet[Any, Row]]) -> None:
        self.build, self.known = build, _Known()
        update_wrapper(self, build)

    def __call__(self, *arguments: Arguments.args, **_: Arguments.kwargs) -> list[Row]:
        if is_plain():
            return list(self.build(*arguments, **_))
        shape = tuple(map(_shape_of, arguments))
        statement = self.known.statements.get(shape)
        if statement is None:
            if len(self.known.statements) >= SHAPES_MAX:
                self.cache_clear()
            statement = self.known.statements[shape] = _Statement(self.build, arguments)
        return statement.rows(arguments)

    def first(self, *arguments: Arguments.args, **_: Arguments.kwargs) -> Row | None:
        """Return the first row, or None. The query itself should match few rows."""
        return next(iter(self(*arguments, **_)), None)

    def cache_clear(self) -> None:
        """Forget the SQL that this thread has compiled."""
        self.known.statements.clear()


class PreparedLookup(Prepared[Arguments, Row]):
    """A prepared query for rows that its reader may see."""

    def get_or_404(self, *arguments: Arguments.args, **_: Arguments.kwargs) -> Row:
        """Return the only row. Raises Http404 if there is none, as if it did not exist."""
        row = self.first(*arguments, **_)
        if row is None:
            raise Http404
        return row


class VisibleRows(Protocol[VisibleRow]):
    """Rows of a `visible_to`, which only the type check tells from other rows."""

    def find(self, pk: object) -> VisibleRow | None: ...


@overload
def prepared(
    build: Callable[Arguments, VisibleRows[Row]],
) -> PreparedLookup[Arguments, Row]: ...
@overload
def prepared(build: Callable[Arguments, QuerySet[Any, Row]]) -> Prepared[Arguments, Row]: ...
def prepared(build: Callable[Arguments, Any]) -> Prepared[Arguments, Any]:
    """Decorator: compile the query that the function returns once for each shape."""
    return PreparedLookup(build)


def shaped_by(*columns: str) -> Callable[[Table], Table]:
    """Class decorator: the SQL of a prepared query may depend on these columns of a row.

    They are part of the shape of such an argument. Its other columns cannot be read.
    """

    def register(table: Table) -> Table:
        _COLUMNS[table] = columns
        return table

    return register


def counted(rows: QuerySet[Any, Any]) -> QuerySet[Any, int]:
    """Return the number of these rows, as a queryset of one row that can be prepared."""
    in_one_group = rows.order_by().annotate(group_of_all=Value(1)).values("group_of_all")
    number: QuerySet[Any, int] = in_one_group.annotate(n=Count("*")).values_list("n", flat=True)
    return number


class _Known(threading.local):
    """Compiled statements of this thread, by the shape of the arguments."""

    def __init__(self) -> None:
        self.statements: dict[Hashable, _Statement] = {}


class _Statement:
    """The SQL of one query for one shape, and the argument behind each of its parameters.

    It belongs to the thread that made it, because the compiler refers to its connection.
    """

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], arguments: tuple[Any, ...]
    ) -> None:
        stand_ins = [_stand_in_for(argument) for argument in arguments]
        with connection.execute_wrapper(_refuse):
            self.queryset = build(*stand_ins)
            self.compiler: Any = self.queryset.query.get_compiler(self.queryset.db)
            try:
                self.sql, parameters = self.compiler.as_sql()
            except EmptyResultSet:  # it matches no row for any value
                self.sql, parameters = "", ()
        self.writes_hex = not connection.features.has_native_uuid_field
        values = self._values(stand_ins)
        self.sending: Callable[[], Any] = nullcontext
        if connection.vendor == "postgresql":
            self.sql, parameters = _with_constants(self.sql, parameters, values)
            self.sending = values_apart
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
        """Run the statement with these arguments, of the shape that it was made for."""
        if not self.sql:
            return []
        parameters, values = self.parameters.copy(), self._values(arguments)
        for place, number in self.places:
            parameters[place] = values[number]
        self.compiler.as_sql = lambda: (self.sql, tuple(parameters))
        rows: Any = self.queryset._iterable_class
        with self.sending():
            return list(rows(self.queryset))

    def _values(self, arguments: Iterable[Any]) -> list[UUID | str]:
        """Return the values of the parameters, in the form that this database uses."""
        if self.writes_hex:
            return [
                value.hex if isinstance(value, UUID) else value for value in _values_of(arguments)
            ]
        return list(_values_of(arguments))


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


def _refuse_unused(build: Callable[..., object], given: int, used: set[int]) -> None:
    """Raise TypeError if the query does not depend on each value that it is given."""
    if len(used) != given:
        raise TypeError(
            f"{build.__qualname__} must look for everything that it is given, as it is given"
        )


def _refuse(*_: Any) -> None:
    raise TypeError("a prepared query looks at something else than its arguments")


def _shape_of(argument: Any) -> Hashable:
    """Return the shape of an argument; a query is compiled for each shape."""
    if isinstance(argument, Model):
        return type(argument), *(getattr(argument, name) for name in _columns(argument))
    if isinstance(argument, list):
        return tuple(map(_shape_of, argument))
    if isinstance(argument, int):
        return type(argument), argument
    return cast(Hashable, type(argument))


def _stand_in_for(argument: Any) -> Any:
    """Return a random value of the same shape.

    The other columns of a model instance are deferred; reading one would run a query, which is
    refused. Raises TypeError for an argument of a type that prepared queries do not take.
    """
    if isinstance(argument, Model):
        names = _columns(argument)
        key = argument._meta.pk.attname if argument._meta.pk else ""
        return type(argument).from_db(
            None, [key, *names], [uuid4(), *(getattr(argument, name) for name in names)]
        )
    if isinstance(argument, list):
        return [_stand_in_for(each) for each in argument]
    if isinstance(argument, UUID):
        return uuid4()
    if isinstance(argument, str):
        return uuid4().hex
    if isinstance(argument, int):
        return argument
    raise TypeError(f"a prepared query cannot be given {type(argument).__name__}")


def _values_of(arguments: Iterable[Any]) -> Iterator[UUID | str]:
    """Yield the parameters that the arguments become, in order."""
    for argument in arguments:
        if isinstance(argument, Model):
            yield argument.pk
        elif isinstance(argument, list):
            yield from _values_of(argument)
        elif not isinstance(argument, int):
            yield argument


def _columns(row: Model) -> tuple[str, ...]:
    return _COLUMNS.get(type(row), ())
