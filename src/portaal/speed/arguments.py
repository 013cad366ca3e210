"""Arguments of prepared queries: their shapes, stand-ins and values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from django.db.models import Model

Table = TypeVar("Table", bound=type[Model])

_COLUMNS: dict[type[Model], tuple[str, ...]] = {}


def shaped_by(*columns: str) -> Callable[[Table], Table]:
    """Class decorator: the SQL of a prepared query may depend on these columns of a row.

    They are part of the shape of such an argument. Its other columns cannot be read.
    """

    def register(table: Table) -> Table:
        _COLUMNS[table] = columns
        return table

    return register


def shape_of(argument: Any) -> Hashable:
    """Return the shape of an argument; a query is compiled for each shape."""
    if isinstance(argument, Model):
        return type(argument), *(getattr(argument, name) for name in _columns(argument))
    if isinstance(argument, list):
        return tuple(map(type, argument))
    if isinstance(argument, int):
        return type(argument), argument
    return cast(Hashable, type(argument))


def stand_in_for(argument: Any) -> Any:
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
        return [stand_in_for(each) for each in argument]
    if isinstance(argument, UUID):
        return uuid4()
    if isinstance(argument, str):
        return uuid4().hex
    if isinstance(argument, int):
        return argument
    raise TypeError(f"a prepared query cannot be given {type(argument).__name__}")


def values_of(arguments: Iterable[Any]) -> Iterator[UUID | str]:
    """Yield the parameters that the arguments become, in order."""
    for argument in arguments:
        if isinstance(argument, Model):
            yield argument.pk
        elif isinstance(argument, list):
            yield from argument
        elif not isinstance(argument, int):
            yield argument


def _columns(row: Model) -> tuple[str, ...]:
    return _COLUMNS.get(type(row), ())
