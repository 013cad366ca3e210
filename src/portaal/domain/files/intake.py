"""Receiving a file as a stream, which is counted, hashed and encrypted.

No plain byte touches the disk.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID, uuid4

from portaal.domain.keys import crypto
from portaal.gateways.blobs import blobs

from .gps import ExifReader
from .kinds import ALL, kind_by_name
from .sealing import PREFIX_BYTES, Sealer

EDGE_BYTES = 2048  # kept of the start and the end of a file, to recognise its kind
NAME_MAX = 150


@dataclass(frozen=True)
class StoredBytes:
    """An encrypted blob in the store that has no row yet.

    Its data `key` exists in this request only. `head` and `tail` are its first and last bytes.
    """

    id: UUID
    name: str
    size: int
    sha256: str
    head: bytes
    tail: bytes
    key: bytes
    too_large: bool = False
    has_gps: bool = False

    def delete(self) -> None:
        blobs().delete(self.id)


class IncomingFile:
    """Writes the bytes of one file to the store; past `limit` bytes it stores nothing more.

    `again` are the id and the data key of a file that may be written more than once: it is then
    encrypted to the same bytes each time, so either of two concurrent writers may win. Never use
    the same key for other bytes. Raises OSError if the store fails.
    """

    def __init__(self, name: str, limit: int, *, again: tuple[UUID, bytes] | None = None) -> None:
        self.name, self.limit = clean_name(name), limit
        self.id, self.key = again or (uuid4(), crypto.new_key())
        self.hash, self.size, self.head, self.tail = sha256(), 0, b"", b""
        kind = kind_by_name(self.name, ALL)
        # Only for photos: the search costs more time than the encryption.
        self.exif = ExifReader() if kind and kind.is_photo else None
        self.blob = blobs().writer(self.id)
        prefix = sha256(self.key).digest()[:PREFIX_BYTES] if again else None
        try:
            self.sealer = Sealer(self.blob, self.key, self.id, prefix=prefix)
        except OSError:  # the Sealer writes its header at once
            self.blob.abort()
            raise

    def write(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self.limit:
            return
        self.hash.update(chunk)
        self.head = (self.head + chunk[:EDGE_BYTES])[:EDGE_BYTES]
        self.tail = (self.tail + chunk[-EDGE_BYTES:])[-EDGE_BYTES:]
        if self.exif:
            self.exif.feed(chunk)
        self.sealer.write(chunk)

    def finish(self) -> StoredBytes:
        """Make the blob durable, unless the file is empty or too large."""
        too_large = self.size > self.limit
        if too_large or not self.size:
            self.blob.abort()
        else:
            self.sealer.close()
            self.blob.commit()
        edges, has_gps = (self.head, self.tail), bool(self.exif and self.exif.has_gps)
        return StoredBytes(
            self.id,
            self.name,
            self.size,
            self.hash.hexdigest(),
            *edges,
            self.key,
            too_large,
            has_gps,
        )

    def abort(self) -> None:
        self.blob.abort()


def clean_name(name: str) -> str:
    """Return a file name that is safe to show and to save. It is never used as a path (R56).

    Removes folders, control, format and bidirectional characters, and characters that file
    systems refuse.
    """
    base = re.split(r"[/\\]", name)[-1]
    base = "".join(" " if unicodedata.category(c) in ("Zl", "Zp", "Zs") else c for c in base)
    base = "".join(c for c in base if unicodedata.category(c)[0] != "C")
    base = re.sub(r'[<>:"|?*]', "", base)
    base = re.sub(r"\s+", " ", unicodedata.normalize("NFC", base)).strip(" .")
    # Windows reserves these names, with any extension.
    if re.match(r"(?i)(con|prn|aux|nul|(com|lpt)[0-9])\s*(\.|$)", base):
        base = f"_{base}"
    stem, dot, extension = base.rpartition(".")
    if not dot:
        stem, extension = base, ""
    extension = extension[:10].rstrip()
    room = NAME_MAX - len(extension) - 1
    return (
        f"{stem[:room].strip() or 'document'}.{extension}"
        if extension
        else (stem[:NAME_MAX].strip() or "document")
    )
