"""The bound on unpacked bytes, and helpers that all inspections share."""

from __future__ import annotations

from typing import BinaryIO

from ..kinds import ZIP_END
from ..models import StoredFile

Reason = StoredFile.Reason
UNPACKED_MAX = 200 * 1024 * 1024
END_RECORD_BYTES = 22
ZIP_TAIL_BYTES = END_RECORD_BYTES + 65_535  # the end record of a zip with the longest comment


class Quarantined(Exception):
    """Ends an inspection; `reason` is a StoredFile.Reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refuse_zip_end(source: BinaryIO, size: int) -> None:
    """Raise Quarantined for a file that ends as a zip.

    With another name it would be an archive or a Java program.
    """
    source.seek(max(0, size - ZIP_TAIL_BYTES))
    tail = read(source, ZIP_TAIL_BYTES)
    at = tail.rfind(ZIP_END)
    while at >= 0:
        comment_bytes = int.from_bytes(tail[at + 20 : at + 22], "little")
        if at + END_RECORD_BYTES + comment_bytes <= len(tail):
            raise Quarantined(Reason.MIXED)
        at = tail.rfind(ZIP_END, 0, at)


def read(source: BinaryIO, size: int) -> bytes:
    """Return the next `size` bytes, or fewer at the end of the file."""
    chunks = []
    while size > 0 and (chunk := source.read(size)):
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)
