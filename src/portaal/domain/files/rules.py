"""What the portal takes in, and which of it may be opened."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from . import kinds as known
from .kinds import Kind
from .models import StoredFile
from .receipt import Received

Reason = StoredFile.Reason
# We could not look inside, or what was seen can be meant well; the scanner found nothing.
RELEASABLE = {
    Reason.DAMAGED,
    Reason.ENCRYPTED,
    Reason.ACTIVE,
    Reason.ENCLOSED,
    Reason.OUTSIDE,
}


class NotClean(Exception):
    """Whoever asks may have the file, but nobody may have it now: it is still being checked, or held."""

    def __init__(self, file: StoredFile) -> None:
        super().__init__(str(file.pk))
        self.file = file


def may_open(file: StoredFile) -> bool:
    """Only what was scanned and looked into is given out, to anybody."""
    return file.is_clean


def may_be_released(file: StoredFile) -> bool:
    """A held file that the scanner found nothing in, for somebody who knows where it comes from."""
    return file.state == StoredFile.State.QUARANTINED and file.reason in RELEASABLE


def fault_of(received: Received, *, limit: int, kinds: Collection[Kind]) -> str:
    """Why a file is refused, in a sentence; '' when it is taken.

    Beginning, end and extension must agree (5.2.2); the web process never parses a document.
    """
    told = {"name": received.name, "kinds": known.endings(kinds)}
    kind = known.named(received.name, kinds)
    if received.too_large:
        return too_large(received.name, limit=limit)
    if not received.size:
        return empty(received.name)
    if kinds == known.PUBLISHED and (kind is None or not kind.agrees(received.head, received.tail)):
        return _("“%(name)s” is not a PDF. Save it as a PDF and choose it again.") % told
    if kind is None:
        return (
            _("We do not take files such as “%(name)s”. Choose one of these kinds: %(kinds)s.")
            % told
        )
    if not kind.agrees(received.head, received.tail):
        told["ending"] = received.name.rpartition(".")[2].lower()
        return (
            _(
                "“%(name)s” is called %(ending)s, but is something else inside. Open it, save it anew and choose that one."
            )
            % told
        )
    if not kind.ends(received.tail):
        return (
            _("“%(name)s” is damaged: its end is missing. Save it again and choose it once more.")
            % told
        )
    return ""


def too_large(name: str, *, limit: int) -> str:
    return _("“%(name)s” is larger than %(limit)s MB. Make it smaller, or split it into parts.") % {
        "name": name,
        "limit": limit // (1024 * 1024),
    }


def empty(name: str) -> str:
    return _("“%(name)s” is empty. Choose another file.") % {"name": name}
