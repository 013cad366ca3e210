"""Sealing a stream: AES-256-GCM in segments of 64 KiB (STREAM: a counter and a last-flag in each nonce).

Layout: `KP1` and a version byte, 7 random bytes, then segments of at most 64 KiB and 16 bytes of tag each. Cutting off,
reordering, doubling or swapping a segment is found; so is a segment of another file.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portaal.domain.keys.crypto import Tampered
from portaal.gateways.blobs import BlobWriter

MAGIC = b"KP1\x01"
PREFIX_BYTES = 7
SEGMENT = 64 * 1024
TAG = 16


class Sealer:
    """Seals what is written to it into a blob; holds at most one segment of clear bytes, in memory."""

    def __init__(self, out: BlobWriter, key: bytes, name: UUID) -> None:
        self.out, self.cipher, self.context = out, AESGCM(key), f"portaal1|{name}".encode()
        self.prefix, self.count, self.rest = secrets.token_bytes(PREFIX_BYTES), 0, bytearray()
        out.write(MAGIC + self.prefix)

    def write(self, data: bytes) -> None:
        self.rest += data
        while len(self.rest) > SEGMENT:  # the last full segment waits: it may be the last of all
            self._segment(bytes(self.rest[:SEGMENT]), last=False)
            del self.rest[:SEGMENT]

    def close(self) -> None:
        self._segment(bytes(self.rest), last=True)

    def _segment(self, data: bytes, *, last: bool) -> None:
        self.out.write(self.cipher.encrypt(_nonce(self.prefix, self.count, last), data, self.context))
        self.count += 1


def unsealed(blob: BinaryIO, key: bytes, name: UUID) -> Iterator[bytes]:
    """The clear segments of a blob, each checked before it is given. Raises Tampered, the first time before any byte."""
    parts = _segments(blob, AESGCM(key), f"portaal1|{name}".encode())
    first = next(parts)
    return _joined(first, parts)


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _segments(blob: BinaryIO, cipher: AESGCM, context: bytes) -> Iterator[bytes]:
    with blob:
        header = blob.read(len(MAGIC) + PREFIX_BYTES)
        if len(header) < len(MAGIC) + PREFIX_BYTES or header[: len(MAGIC)] != MAGIC:
            raise Tampered("not a sealed file")
        prefix, count = header[len(MAGIC) :], 0
        segment = blob.read(SEGMENT + TAG)
        while True:
            following = blob.read(SEGMENT + TAG)
            try:
                yield cipher.decrypt(_nonce(prefix, count, not following), segment, context)
            except InvalidTag as fault:
                raise Tampered(f"segment {count}") from fault
            if not following:
                return
            segment, count = following, count + 1


def _nonce(prefix: bytes, count: int, last: bool) -> bytes:
    return prefix + count.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
