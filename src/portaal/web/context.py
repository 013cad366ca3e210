"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from portaal.domain.office.models import Office


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "office": _office(),
        "mode": settings.MODE,
        "user": getattr(request, "user", None),
        "face": getattr(getattr(request, "session", None), "face", "client"),
    }


def _office() -> Office:
    """The office; a nameless one when the database is away, so that the page that says so can be shown."""
    try:
        return Office.current()
    except DatabaseError:
        return Office(name="Notariskantoor")
