"""The type of rows that one reader may see."""

from __future__ import annotations

from typing import Generic, Self, TypeVar, cast

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

Row = TypeVar("Row", bound=models.Model)


class Visible(Generic[Row]):
    """Base of querysets of rows that one reader may see, also when filtered further.

    Only `visible_to` makes them. The faces fetch objects from nothing else
    (`web.lookups.get_or_404`).
    """

    @classmethod
    def among(cls, rows: models.QuerySet[Row]) -> Self:
        """Return the same rows as this type."""
        visible = rows.all()
        visible.__class__ = cls  # type: ignore[assignment]  # a subclass of its queryset
        return cast(Self, visible)

    def find(self, pk: object) -> Row | None:
        """Return the row with this key; None if it is not among these rows."""
        rows = cast(models.QuerySet[Row], self)
        try:
            return rows.get(pk=pk)
        except ObjectDoesNotExist:
            return None
