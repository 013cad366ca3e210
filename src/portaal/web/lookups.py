"""Lookup of the object of a page, among the rows that its reader may see."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from portaal.domain.visible import Row, Visible


def get_or_404(rows: Visible[Row], pk: UUID | int | None) -> Row:
    """Return the row with this key.

    Raises Http404 if the reader may not see it, as if it did not exist.
    """
    found = rows.find(pk)
    if found is None:
        raise Http404
    return found
