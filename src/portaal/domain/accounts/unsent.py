"""What a person had typed when the session ended: kept sealed for a day, for that login and that page alone.

No verb and no event: nothing was handed in. A browser's own storage is never used (security.md T22).
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

Typed = dict[str, list[str]]  # the name of each field, with what stood in it


def keep(user: User, page: str, typed: Typed) -> bool:
    """Keeps what was typed on `page`, in place of what was kept before. False when it is too much to keep."""
    content = json.dumps(typed).encode()
    if len(content) > BYTES_MAX or len(page) > PAGE_MAX:
        return False
    sealed = crypto.seal(_key(), content, _context(user, page))
    Unsent.objects.update_or_create(
        user=user, defaults={"page": page, "sealed": sealed, "kept_at": timezone.now()}
    )
    return True


def page_of(user: User) -> str:
    """The page for which something is kept; empty for none."""
    return (
        Unsent.objects.filter(user=user, kept_at__gt=timezone.now() - KEPT)
        .values_list("page", flat=True)
        .first()
        or ""
    )


def find(user: User, page: str) -> Typed:
    """What was typed on this page; empty when nothing is kept, or what is kept cannot be opened."""
    kept = Unsent.objects.filter(user=user, page=page, kept_at__gt=timezone.now() - KEPT).first()
    if kept is None:
        return {}
    try:
        typed: Typed = json.loads(crypto.unseal(_key(), bytes(kept.sealed), _context(user, page)))
    except crypto.Tampered:
        return {}
    return typed


def forget(user: User) -> None:
    Unsent.objects.filter(user=user).delete()


def forget_old() -> None:
    Unsent.objects.filter(kept_at__lte=timezone.now() - KEPT).delete()


def _key() -> bytes:
    return hmac.new(keyring().secret("lookup"), b"unsent", sha256).digest()


def _context(user: User, page: str) -> str:
    return f"portaal1|unsent|{user.pk}|{page}"
