"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portaal.domain.office.models import Office


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "office": Office.current(),
        "mode": settings.MODE,
        "user": getattr(request, "user", None),
        "face": getattr(getattr(request, "session", None), "face", "client"),
    }
