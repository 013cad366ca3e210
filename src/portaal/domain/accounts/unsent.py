"""Unsent form data, saved when a session ends while a person is typing.

The page offers it again after login. The data is encrypted, kept for a day, and only for the same
login and page. Saving it is no verb and records no event, because nothing was submitted. It is
never in the storage of the browser (R75), which the next user of the computer could read.
"""

from __future__ import annotations

import hmac
import json
from datetime import timedelta
from hashlib import sha256

from django.utils import timezone

from portaal.domain.keys import crypto
from portaal.gateways.keyring import keyring

from .models import Unsent, User

KEPT = timedelta(days=1)
BYTES_MAX = 200_000
PAGE_MAX = 300

FormData = dict[str, list[str]]  # the values of each field by its name


def save(user: User, page: str, data: FormData) -> bool:
    """Store the form data of `page` and replace older data. Return False if it is too large."""
    content = json.dumps(data).encode()
    if len(content) > BYTES_MAX or len(page) > PAGE_MAX:
        return False
    sealed = crypto.seal(_key(), content, _context(user, page))
    Unsent.objects.update_or_create(
        user=user, defaults={"page": page, "sealed": sealed, "saved_at": timezone.now()}
    )
    return True


def page_of(user: User) -> str:
    """Return the page that has unsent data of this login, or ''."""
    return (
        Unsent.objects.filter(user=user, saved_at__gt=timezone.now() - KEPT)
        .values_list("page", flat=True)
        .first()
        or ""
    )


def find(user: User, page: str) -> FormData:
    """Return the unsent data of this page. Empty if there is none or it cannot be decrypted."""
    row = Unsent.objects.filter(user=user, page=page, saved_at__gt=timezone.now() - KEPT).first()
    if row is None:
        return {}
    try:
        data: FormData = json.loads(crypto.unseal(_key(), bytes(row.sealed), _context(user, page)))
    except crypto.Tampered:
        return {}
    return data


def delete(user: User) -> None:
    Unsent.objects.filter(user=user).delete()


def delete_expired() -> None:
    Unsent.objects.filter(saved_at__lte=timezone.now() - KEPT).delete()


def _key() -> bytes:
    return hmac.new(keyring().secret("lookup"), b"unsent", sha256).digest()


def _context(user: User, page: str) -> str:
    return f"portaal1|unsent|{user.pk}|{page}"
