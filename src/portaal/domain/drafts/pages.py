"""Unsent form data, saved when a session ends while a person is typing.

The page offers it again after login. The data is kept for a day, and only for the same login and
page, one page at a time. It is never in the storage of the browser (R75), which the next user of
the computer could read.
"""

from __future__ import annotations

import json
from datetime import timedelta

from django.utils import timezone

from portaal.domain.identity.models import User
from portaal.domain.keys import crypto

from .models import PAGE, PAGE_MAX, Draft

LIFETIME = timedelta(days=1)
BYTES_MAX = 200_000

FormData = dict[str, list[str]]  # the values of each field by its name


def save(user: User, page: str, data: FormData) -> bool:
    """Store the form data of `page` and replace older data. Return False if it is too large.

    Also return False for a page that is no path: PostgreSQL refuses a NUL with an error.
    """
    if len(json.dumps(data)) > BYTES_MAX or len(page) > PAGE_MAX or not page.isprintable():
        return False
    draft = Draft(user=user, form=PAGE, object_id=page)
    draft.seal(data)
    Draft.objects.update_or_create(
        user=user,
        form=PAGE,
        defaults={"object_id": page, "sealed": draft.sealed, "saved_at": timezone.now()},
    )
    return True


def page_of(user: User) -> str:
    """Return the page that has unsent data of this login, or ''."""
    draft = _find(user)
    return draft.object_id if draft else ""


def find(user: User, page: str) -> FormData:
    """Return the unsent data of this page. Empty if there is none or it cannot be decrypted."""
    draft = _find(user)
    if draft is None or draft.object_id != page:
        return {}
    try:
        return draft.content
    except crypto.Tampered:
        return {}


def delete(user: User) -> None:
    Draft.objects.filter(user=user, form=PAGE).delete()


def _find(user: User) -> Draft | None:
    since = timezone.now() - LIFETIME
    return Draft.objects.filter(user=user, form=PAGE, saved_at__gt=since).first()
