"""A list in pages that does not count the whole table to say how many there are."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.utils.functional import cached_property

COUNT_MAX = 1000  # twenty pages; who looks further, searches


class Pages(Paginator):
    """As Django's; what lies beyond COUNT_MAX is neither counted nor paged to, and `has_more` says that it is there."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNT_MAX)

    @cached_property
    def has_more(self) -> bool:
        return self._counted > COUNT_MAX

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: COUNT_MAX + 1].count()
