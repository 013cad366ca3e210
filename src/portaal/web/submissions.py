"""The number that each form carries, so that a double click or a retry does its act once (E4)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest


def submission_of(request: HttpRequest) -> UUID | None:
    """The form's own number; None when it is missing or mangled, then the act is simply not protected against repeats."""
    try:
        return UUID(request.POST.get("submission", ""))
    except ValueError:
        return None
