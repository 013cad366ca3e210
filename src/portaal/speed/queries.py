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

import threading
from collections.abc import Callable, Hashable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, overload

from django.db.models import QuerySet
from django.http import Http404

from .arguments import shape_of
from .guard import is_plain
from .statement import Statement

SHAPES_MAX = 500  # for each thread and query; at the limit all of them are dropped

Arguments = ParamSpec("Arguments")
Row = TypeVar("Row")
VisibleRow = TypeVar("VisibleRow", covariant=True)


class Prepared(Generic[Arguments, Row]):
    """A prepared query; call it with its arguments for the list of rows."""

    def __init__(self, build: Callable[Arguments, QuerySet[Any, Row]]) -> None:
        self.build, self.known = build, _Known()
        update_wrapper(self, build)

    def __call__(self, *arguments: Arguments.args, **_: Arguments.kwargs) -> list[Row]:
        if is_plain():
            return list(self.build(*arguments, **_))
        shape = tuple(map(shape_of, arguments))
        statement = self.known.statements.get(shape)
        if statement is None:
            if len(self.known.statements) >= SHAPES_MAX:
                self.cache_clear()
            statement = self.known.statements[shape] = Statement(self.build, arguments)
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


class _Known(threading.local):
    """Compiled statements of this thread, by the shape of the arguments."""

    def __init__(self) -> None:
        self.statements: dict[Hashable, Statement] = {}
