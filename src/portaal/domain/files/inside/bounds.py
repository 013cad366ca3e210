"""How far is looked, and what ends a look."""

from __future__ import annotations

from typing import BinaryIO

from ..kinds import ZIP_END
from ..models import StoredFile

Reason = StoredFile.Reason
UNPACKED_MAX = 200 * 1024 * 1024
ZIP_TAIL = 22 + 65_535  # the last record of a zip, with the longest remark


class Held(Exception):
    """The look ends here: `reason` is a StoredFile.Reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refuse_second_thing(source: BinaryIO, size: int) -> None:
    """Holds what has the end of a zip: whoever renames it has an archive or a Java program."""
    source.seek(max(0, size - ZIP_TAIL))
    end = read(source, ZIP_TAIL)
    at = end.rfind(ZIP_END)
    while at >= 0:
        if at + 22 + int.from_bytes(end[at + 20 : at + 22], "little") <= len(end):
            raise Held(Reason.MIXED)
        at = end.rfind(ZIP_END, 0, at)


def read(source: BinaryIO, most: int) -> bytes:
    """The next `most` bytes, or what is left."""
    parts = []
    while most > 0 and (part := source.read(most)):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)
