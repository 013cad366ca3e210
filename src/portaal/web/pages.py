"""Pagination that does not count a whole table."""

from __future__ import annotations

from typing import Generic, TypeVar

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property

PER_PAGE = 50
COUNT_MAX = 1000  # twenty pages: search is quicker beyond them


Row = TypeVar("Row", bound=Model)


class Pages(Paginator[Row], Generic[Row]):
    """Paginator that counts and pages the first COUNT_MAX rows; `has_more` tells of the rest."""

    def __init__(self, rows: QuerySet[Row], per_page: int = PER_PAGE) -> None:
        super().__init__(rows, per_page)
        self.rows = rows

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNT_MAX)

    @cached_property
    def has_more(self) -> bool:
        return self._counted > COUNT_MAX

    @cached_property
    def _counted(self) -> int:
        # Only the key: the database would also work out annotations, such as the progress.
        return self.rows.order_by().values("pk")[: COUNT_MAX + 1].count()
