"""The compiled SQL of one query for one shape of its arguments; uses the ORM's internals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from .arguments import stand_in_for, values_of
from .postgresql import values_apart


class Statement:
    """The SQL of one query for one shape, and the argument behind each of its parameters.

    It belongs to the thread that made it, because the compiler refers to its connection.
    """

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], arguments: tuple[Any, ...]
    ) -> None:
        stand_ins = [stand_in_for(argument) for argument in arguments]
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
        """Run the statement with these arguments, of the shape that it was made for."""
        if not self.sql:
            return []
        parameters, values = self.parameters.copy(), self._values(arguments)
        for place, number in self.places:
            parameters[place] = values[number]
        self.compiler.as_sql = lambda: (self.sql, tuple(parameters))
        rows: Any = self.queryset._iterable_class
        with values_apart():
            return list(rows(self.queryset))

    def _values(self, arguments: Iterable[Any]) -> list[UUID | str]:
        """Return the values of the parameters, in the form that this database uses."""
        if self.writes_hex:
            return [
                value.hex if isinstance(value, UUID) else value for value in values_of(arguments)
            ]
        return list(values_of(arguments))


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
