"""Receiving a file by stream: counted, hashed and sealed as it comes in. No clear byte touches the disk."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID, uuid4

from portaal.domain.keys import crypto
from portaal.gateways.blobs import blobs

from .kinds import ALL, named
from .place import Exif
from .sealing import PREFIX_BYTES, Sealer

EDGE = 2048  # bytes kept of the beginning and the end, to tell what kind of file it is
NAME_MAX = 150


@dataclass(frozen=True)
class Received:
    """A file that lies sealed in the store and has no row yet; `key` is its own key, known to this request alone."""

    id: UUID
    name: str
    size: int
    sha256: str
    head: bytes
    tail: bytes
    key: bytes
    too_large: bool = False
    has_gps: bool = False

    def drop(self) -> None:
        """Takes it out of the store, where nobody needs it."""
        blobs().delete(self.id)


class Receipt:
    """Takes the bytes of one file. Past `limit` bytes nothing more is kept.

    `again` are the id and the key of a file that may be taken in more than once: it is then sealed to the same bytes, so it does
    not matter who of two writes last. The same key must never be given for other bytes.
    """

    def __init__(self, name: str, limit: int, *, again: tuple[UUID, bytes] | None = None) -> None:
        self.name, self.limit = clean_name(name), limit
        self.id, self.key = again or (uuid4(), crypto.new_key())
        self.hash, self.size, self.head, self.tail = sha256(), 0, b"", b""
        kind = named(self.name, ALL)
        self.exif = Exif() if kind and kind.is_photo else None  # to look takes longer than to seal
        self.out = blobs().writer(self.id)
        prefix = sha256(self.key).digest()[:PREFIX_BYTES] if again else None
        try:
            self.sealer = Sealer(self.out, self.key, self.id, prefix=prefix)
        except OSError:  # it writes its beginning at once
            self.out.drop()
            raise

    def write(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self.limit:
            return
        self.hash.update(data)
        self.head = (self.head + data[:EDGE])[:EDGE]
        self.tail = (self.tail + data[-EDGE:])[-EDGE:]
        if self.exif:
            self.exif.catch(data)
        self.sealer.write(data)

    def finish(self) -> Received:
        """The file is on the disk, under its name, before this returns; an empty or too large one is not kept."""
        too_large = self.size > self.limit
        if too_large or not self.size:
            self.out.drop()
        else:
            self.sealer.close()
            self.out.keep()
        edges, has_gps = (self.head, self.tail), bool(self.exif and self.exif.has_gps)
        return Received(
            self.id,
            self.name,
            self.size,
            self.hash.hexdigest(),
            *edges,
            self.key,
            too_large,
            has_gps,
        )

    def abandon(self) -> None:
        self.out.drop()


def clean_name(name: str) -> str:
    """A name fit to show and to offer for saving; it is never a path (security.md D1).

    Folders before it go, as do control, format and bidirectional characters and what file systems refuse.
    """
    base = re.split(r"[/\\]", name)[-1]
    base = "".join(" " if unicodedata.category(c) in ("Zl", "Zp", "Zs") else c for c in base)
    base = "".join(c for c in base if unicodedata.category(c)[0] != "C")
    base = re.sub(r'[<>:"|?*]', "", base)
    base = re.sub(r"\s+", " ", unicodedata.normalize("NFC", base)).strip(" .")
    if re.match(
        r"(?i)(con|prn|aux|nul|(com|lpt)[0-9])\s*(\.|$)", base
    ):  # Windows keeps these for itself, with any ending
        base = f"_{base}"
    stem, dot, ending = base.rpartition(".")
    if not dot:
        stem, ending = base, ""
    ending = ending[:10].rstrip()
    room = NAME_MAX - len(ending) - 1
    return (
        f"{stem[:room].strip() or 'document'}.{ending}"
        if ending
        else (stem[:NAME_MAX].strip() or "document")
    )
