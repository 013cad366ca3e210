"""Validation of a received file: its size, its kind and whether it is complete."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from . import kinds as known
from .kinds import Kind
from .sealing import StoredBytes


def rejection_reason(stored: StoredBytes, *, limit: int, kinds: Collection[Kind]) -> str:
    """Return a sentence that says why the file is rejected, or '' if it is accepted.

    First bytes, last bytes and extension must agree (manual 5.2.2). The web process never parses
    a document. `limit` is in bytes.
    """
    params = {"name": stored.name, "kinds": known.extensions(kinds)}
    kind = known.kind_by_name(stored.name, kinds)
    if stored.too_large:
        return too_large_message(stored.name, limit=limit)
    if not stored.size:
        return empty_message(stored.name)
    if kinds == known.PUBLISHED and (kind is None or not kind.matches(stored.head, stored.tail)):
        return _("“%(name)s” is not a PDF. Save it as a PDF and choose it again.") % params
    if kind is None:
        return (
            _("We do not take files such as “%(name)s”. Choose one of these kinds: %(kinds)s.")
            % params
        )
    if not kind.matches(stored.head, stored.tail):
        params["ending"] = stored.name.rpartition(".")[2].lower()
        return (
            _(
                "“%(name)s” is called %(ending)s, but is something else inside. "
                "Open it, save it anew and choose that one."
            )
            % params
        )
    if not kind.ends(stored.tail):
        return (
            _("“%(name)s” is damaged: its end is missing. Save it again and choose it once more.")
            % params
        )
    return ""


def too_large_message(name: str, *, limit: int) -> str:
    return _("“%(name)s” is larger than %(limit)s MB. Make it smaller, or split it into parts.") % {
        "name": name,
        "limit": limit // (1024 * 1024),
    }


def empty_message(name: str) -> str:
    return _("“%(name)s” is empty. Choose another file.") % {"name": name}
