"""Errors that are nobody's mistake: a conflict, a limit, something gone or unavailable.

A wrong field is a ValidationError, and a missing permission a PermissionDenied.
"""

from __future__ import annotations


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
