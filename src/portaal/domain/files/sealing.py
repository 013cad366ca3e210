"""Sealing a stream: AES-256-GCM in segments of 64 KiB (STREAM: a counter and a last-flag in each nonce).

Layout: `KP1` and a version byte, 7 random bytes, then segments of at most 64 KiB and 16 bytes of tag each. Cutting off,
reordering, doubling or swapping a segment is found; so is a segment of another file.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portaal.domain.keys.crypto import Tampered
from portaal.gateways.blobs import BlobWriter

MAGIC = b"KP1\x01"
PREFIX_BYTES = 7
SEGMENT = 64 * 1024
TAG = 16
SEALED = SEGMENT + TAG
PIECE = 4  # segments at a time: fewer are more work to hand over, more are colder memory


class Sealer:
    """Seals what is written to it into a blob; holds at most one segment of clear bytes, in memory.

    With a `prefix` the same bytes are sealed alike each time; the same key and prefix must never seal others.
    """

    def __init__(
        self, out: BlobWriter, key: bytes, name: UUID, *, prefix: bytes | None = None
    ) -> None:
        self.out, self.cipher, self.context = out, AESGCM(key), f"portaal1|{name}".encode()
        self.prefix, self.count, self.rest = (
            prefix or secrets.token_bytes(PREFIX_BYTES),
            0,
            bytearray(),
        )
        out.write(MAGIC + self.prefix)

    def write(self, data: bytes) -> None:
        self.rest += data
        while len(self.rest) > SEGMENT:  # the last full segment waits: it may be the last of all
            self._segment(bytes(self.rest[:SEGMENT]), last=False)
            del self.rest[:SEGMENT]

    def close(self) -> None:
        self._segment(bytes(self.rest), last=True)

    def _segment(self, data: bytes, *, last: bool) -> None:
        self.out.write(
            self.cipher.encrypt(_nonce(self.prefix, self.count, last), data, self.context)
        )
        self.count += 1


def unsealed(blob: BinaryIO, key: bytes, name: UUID) -> Iterator[bytes]:
    """The clear bytes of a blob in pieces, each checked before it is given. Raises Tampered, the first time before any byte."""
    pieces = _pieces(blob, AESGCM(key), f"portaal1|{name}".encode())
    first = next(pieces)
    return _joined(first, pieces)


class Unsealed(io.RawIOBase):
    """The clear bytes of a blob of `size` clear bytes, to read from any place. Holds one segment; reading raises Tampered.

    A blob that cannot be read from any place, as one in a bucket, is read from its beginning again to go back.
    """

    def __init__(
        self, open_blob: Callable[[], BinaryIO], key: bytes, name: UUID, size: int
    ) -> None:
        self.open_blob, self.cipher, self.context, self.size = (
            open_blob,
            AESGCM(key),
            f"portaal1|{name}".encode(),
            size,
        )
        self.blob, self.at, self.number, self.segment = open_blob(), 0, -1, b""
        self.prefix = _prefix(self.blob)
        self.next = 0  # the segment that the blob stands before

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = max(
            0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        )
        return self.at

    def readinto(self, buffer: Any) -> int:
        if self.at >= self.size:
            return 0
        number, start = divmod(self.at, SEGMENT)
        if number != self.number:
            self.segment, self.number = self._opened(number), number
        part = self.segment[start : start + len(buffer)]
        buffer[: len(part)] = part
        self.at += len(part)
        return len(part)

    def close(self) -> None:
        self.blob.close()
        super().close()

    def _opened(self, number: int) -> bytes:
        self._stand_before(number)
        sealed = self.blob.read(SEGMENT + TAG)
        self.next = number + 1
        try:
            return self.cipher.decrypt(
                _nonce(self.prefix, number, number == (self.size - 1) // SEGMENT),
                sealed,
                self.context,
            )
        except InvalidTag as fault:
            raise Tampered(f"segment {number}") from fault

    def _stand_before(self, number: int) -> None:
        if self.blob.seekable():
            self.blob.seek(len(MAGIC) + PREFIX_BYTES + number * (SEGMENT + TAG))
            return
        if number < self.next:
            self.blob.close()
            self.blob, self.next = self.open_blob(), 0
            _prefix(self.blob)
        while self.next < number:
            self.blob.read(SEGMENT + TAG)
            self.next += 1


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _pieces(blob: BinaryIO, cipher: AESGCM, context: bytes) -> Iterator[bytes]:
    with blob:
        prefix, count = _prefix(blob), 0
        room = memoryview(
            bytearray(PIECE * SEGMENT)
        )  # taken once: fresh memory costs more than opening a segment
        sealed = blob.read(PIECE * SEALED)
        while True:
            following = blob.read(PIECE * SEALED)
            size, ends = 0, len(sealed) if not following else None
            for start in range(0, len(sealed) or 1, SEALED):
                segment = memoryview(sealed)[start : start + SEALED]
                nonce = _nonce(prefix, count, start + len(segment) == ends)
                try:
                    size += cipher.decrypt_into(
                        nonce, segment, context, room[size : size + len(segment) - TAG]
                    )
                except (InvalidTag, ValueError) as fault:  # ValueError: too short to hold a tag
                    raise Tampered(f"segment {count}") from fault
                count += 1
            yield bytes(room[:size])
            if not following:
                return
            sealed = following


def _prefix(blob: BinaryIO) -> bytes:
    header = blob.read(len(MAGIC) + PREFIX_BYTES)
    if len(header) < len(MAGIC) + PREFIX_BYTES or header[: len(MAGIC)] != MAGIC:
        raise Tampered("not a sealed file")
    return header[len(MAGIC) :]


def _nonce(prefix: bytes, count: int, last: bool) -> bytes:
    return prefix + count.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
