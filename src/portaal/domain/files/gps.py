"""Detection of a GPS position in the EXIF of a photo (R61).

The photo is never changed, because it can be evidence; its sender is told about the position.
"""

from __future__ import annotations

import re
from typing import Literal

HEADER = rb"((?:II\*\0|MM\0\*).*)"
# Two patterns, because one with an alternative is slower.
MARKS = [re.compile(mark + HEADER, re.DOTALL) for mark in (rb"Exif\0\0", b"eXIf")]
MARK_BYTES = 10  # an EXIF mark with the header after it
EXIF_MAX = 66_000  # bytes; the EXIF of a JPEG is smaller
GPS, LATITUDE = 0x8825, 2


class ExifReader:
    """Collects the EXIF of a photo while its bytes are received."""

    def __init__(self) -> None:
        # A TIFF starts with the header that follows this mark in other kinds.
        self.overlap = b"Exif\0\0"
        self.exif = b""

    def feed(self, chunk: bytes) -> None:
        if self.exif:
            self.exif += chunk[: EXIF_MAX - len(self.exif)]
            return
        data = self.overlap + chunk
        for mark in MARKS:
            if match := mark.search(data):
                self.exif = match[1][:EXIF_MAX]
        self.overlap = data[-MARK_BYTES:]

    @property
    def has_gps(self) -> bool:
        order: Literal["little", "big"] = "little" if self.exif.startswith(b"II") else "big"
        first = self._tags(self.exif[4:8], order)
        return GPS in first and LATITUDE in self._tags(first[GPS], order)

    def _tags(self, address: bytes, order: Literal["little", "big"]) -> dict[int, bytes]:
        """Read the directory at an address: each tag with its value, or the value's address.

        Return an empty dictionary if the directory is missing.
        """
        at = int.from_bytes(address, order)
        count = int.from_bytes(self.exif[at : at + 2], order)
        entries = self.exif[at + 2 : at + 2 + 12 * count]
        return {
            int.from_bytes(entries[n : n + 2], order): entries[n + 8 : n + 12]
            for n in range(0, len(entries), 12)
        }
