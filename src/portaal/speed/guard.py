"""Decision between prepared queries and plain Django."""

from __future__ import annotations

import logging
from functools import cache

import django
from django.conf import settings

TESTED = ("5.2",)  # versions of Django whose internals queries.py and postgresql.py fit

log = logging.getLogger("portaal.speed")


@cache
def is_plain() -> bool:
    """Tell if querysets are built and run anew for each call, as Django does.

    So they are with `PORTAAL_PLAIN=1`, and under a version of Django that was not tested. The
    latter is logged, once for each process.
    """
    if settings.PLAIN:
        return True
    version = ".".join(map(str, django.VERSION[:2]))
    if version not in TESTED:
        log.warning("Django %s was not tested with prepared queries: they run plainly", version)
    return version not in TESTED
