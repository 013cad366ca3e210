"""Errors that are nobody's mistake: a conflict, a limit, something gone or unavailable.

A wrong field is a ValidationError, and a missing permission a PermissionDenied.
"""

from __future__ import annotations

import os
import re

from django.db import DatabaseError, OperationalError


class Problem(Exception):
    """A request that cannot be answered now; shown as a page, a sentence or JSON.

    `title` and `text` are for the user; empty ones mean the general words for the status.
    `retry_after` is in seconds, or None if trying again does not help.
    """

    status = 500
    retry_after: int | None = None

    def __init__(
        self,
        text: str = "",
        *,
        title: str = "",
        status: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(text)
        self.title, self.text = title, text
        self.status = status or self.status
        self.retry_after = retry_after or self.retry_after


class Conflict(Problem):
    """The act does not fit the present state: done already, or not possible yet."""

    status = 409


class Gone(Problem):
    """The object was here and will not come back."""

    status = 410


class LimitReached(Problem):
    """A limit is reached; see `retry_after`."""

    status = 429


class Unavailable(Problem):
    """The database, the store or the scanner does not answer."""

    status = 503
    retry_after = 30


# Errors with a text about the source or the database server, not about data.
_WITHOUT_DATA = (AttributeError, ImportError, NameError, NotImplementedError, OperationalError)
# Codes that errors of mail servers, of PostgreSQL and of SQLite carry.
_CODES = ("smtp_code", "sqlstate", "sqlite_errorname")
_ENHANCED = re.compile(rb"\A\d\.\d{1,3}\.\d{1,3}\b")  # the more exact code of a mail server


def describe(error: BaseException) -> str:
    """Return an error for the log: its type and its codes.

    The text is left out, because it can hold a name, an address or a search word. It stays for
    errors without data, and for classes that say so with `has_safe_text`.
    """
    codes = " ".join([type(error).__name__, *_codes(error)])
    inner = error.args[0] if error.args else None
    if isinstance(inner, BaseException):
        return f"{codes}: {describe(inner)}"
    if isinstance(error, _WITHOUT_DATA) or getattr(error, "has_safe_text", False):
        return f"{codes}: {str(error).partition(chr(10))[0][:200]}"
    return codes


def _codes(error: BaseException) -> list[str]:
    """Return the codes of an error, and those of the database's own error below it."""
    codes = [str(getattr(error, name)) for name in _CODES if getattr(error, name, None)]
    if isinstance(error, OSError) and error.errno:
        codes.append(f"[{error.errno}] {os.strerror(error.errno)}")
    refusals = dict(getattr(error, "recipients", None) or {}).values()  # of a mail server
    for code, reply in [*refusals, (None, getattr(error, "smtp_error", b""))]:
        exact = _ENHANCED.match(reply) if isinstance(reply, bytes) else None
        codes += [str(part) for part in (code, exact and exact[0].decode()) if part]
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    codes += [constraint] if constraint else []
    below = error.__cause__  # of an error of Django, that of the database
    return codes + (_codes(below) if isinstance(error, DatabaseError) and below else [])
