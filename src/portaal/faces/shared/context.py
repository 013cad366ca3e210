"""Context processor for every page."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from portaal.domain.office.models import Office


def page(request: HttpRequest) -> dict[str, object]:
    """Return the office, the mode, the user and the face ("client" or "office")."""
    return {
        "office": _office(),
        "mode": settings.MODE,
        "user": getattr(request, "user", None),
        "face": getattr(getattr(request, "session", None), "face", "client"),
    }


def _office() -> Office:
    """Return the office; unsaved if the database is down, so that the 503 page renders."""
    try:
        return Office.current()
    except DatabaseError:
        return Office(name="Notariskantoor")
