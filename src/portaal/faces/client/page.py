"""What stands on every page of a client: the actions, in view whichever tile is active (manual, Acties)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show(
    request: HttpRequest, template: str, *, section: str, status: int = 200, **context: Any
) -> HttpResponse:
    # Questionnaires and requests for documents come here when their rooms are built; until then nobody has any.
    actions: list[Any] = []
    context = {"section": section, "actions": actions, "actions_count": len(actions), **context}
    return render(request, f"client/{template}", context, status=status)
