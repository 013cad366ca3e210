"""Whether a photo holds the place where it was taken, in its EXIF (security.md B5 61).

It is only read, so that who sends the photo can be told; never taken out, as a photo can be evidence.
"""

from __future__ import annotations

import re
from typing import Literal

HEADER = rb"((?:II\*\0|MM\0\*).*)"
MARKS = [
    re.compile(mark + HEADER, re.DOTALL) for mark in (rb"Exif\0\0", b"eXIf")
]  # apart, as that is quicker
MARK_BYTES = 10
EXIF_MAX = 66_000  # bytes; a JPEG has room for less
GPS, LATITUDE = 0x8825, 2


class Exif:
    """Catches the EXIF of a photo while its bytes come by."""

    def __init__(self) -> None:
        self.before = b"Exif\0\0"  # a TIFF begins with what comes after this in others
        self.caught = b""

    def catch(self, data: bytes) -> None:
        if self.caught:
            self.caught += data[: EXIF_MAX - len(self.caught)]
            return
        data = self.before + data
        for mark in MARKS:
            if found := mark.search(data):
                self.caught = found[1][:EXIF_MAX]
        self.before = data[-MARK_BYTES:]

    @property
    def has_gps(self) -> bool:
        order: Literal["little", "big"] = "little" if self.caught.startswith(b"II") else "big"
        first = self._tags(self.caught[4:8], order)
        return GPS in first and LATITUDE in self._tags(first[GPS], order)

    def _tags(self, address: bytes, order: Literal["little", "big"]) -> dict[int, bytes]:
        """The directory at an address: each tag with its value, or the address of it; empty where there is none."""
        at = int.from_bytes(address, order)
        entries = self.caught[
            at + 2 : at + 2 + 12 * int.from_bytes(self.caught[at : at + 2], order)
        ]
        return {
            int.from_bytes(entries[n : n + 2], order): entries[n + 8 : n + 12]
            for n in range(0, len(entries), 12)
        }
