"""Rendering of a client's page, with the actions that every page shows (manual, Acties)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show(
    request: HttpRequest, template: str, *, section: str, status: int = 200, **context: object
) -> HttpResponse:
    # Empty until the rooms of questionnaires and requests for documents exist.
    actions: list[object] = []
    context = {"section": section, "actions": actions, "actions_count": len(actions), **context}
    return render(request, f"client/{template}", context, status=status)
