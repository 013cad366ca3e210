"""Submission id of a form: a double click or a retry with the same id acts once."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest


def submission_of(request: HttpRequest) -> UUID | None:
    """Return the id in the form; None, without protection against repeats, if it is no UUID."""
    try:
        return UUID(request.POST.get("submission", ""))
    except ValueError:
        return None
