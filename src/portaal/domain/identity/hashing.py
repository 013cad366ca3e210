"""Hashing of passwords, at most two at once in a process.

One hash takes 100 MB and a tenth of a second of a processor, and a stranger can ask for as many as
they like: without a limit, each thread of the process would compute one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore

from django.contrib.auth.hashers import check_password, make_password

from portaal.domain.problems import Unavailable

log = logging.getLogger("portaal.identity")

HASHES_MAX = 2
HASH_WAIT = timedelta(seconds=5)
# A process has eight threads: with two that hash, one stays free for pages.
WAITING_MAX = 5

_slots = BoundedSemaphore(HASHES_MAX)
_places = BoundedSemaphore(HASHES_MAX + WAITING_MAX)


def matches(password: str, encoded: str) -> bool:
    """Return True if the password is the hashed one. Raises Unavailable if too many wait."""
    with _slot():
        return check_password(password, encoded)


def hashed(password: str) -> str:
    """Return the hash of a new password. Raises Unavailable if too many wait."""
    with _slot():
        return make_password(password)


@contextmanager
def _slot() -> Iterator[None]:
    """Wait for one of the slots and hold it. Call it outside a transaction."""
    if not _places.acquire(blocking=False):
        raise _refusal()
    try:
        if not _slots.acquire(timeout=HASH_WAIT.total_seconds()):
            raise _refusal()
        try:
            yield
        finally:
            _slots.release()
    finally:
        _places.release()


def _refusal() -> Unavailable:
    log.warning("a password was not hashed: too many people log in at once")
    return Unavailable()
