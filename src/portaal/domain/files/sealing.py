"""Encryption of a stream: AES-256-GCM in segments of 64 KiB, by the STREAM construction.

Each nonce holds a counter and a flag for the last segment. Layout: `KP1` and a version byte, 7
random bytes, then segments of at most 64 KiB, each with a tag of 16 bytes. A segment that was cut
off, moved, repeated, or taken from another file raises Tampered.
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
SEGMENT_BYTES = 64 * 1024
TAG_BYTES = 16
SEALED_BYTES = SEGMENT_BYTES + TAG_BYTES
# Fewer segments a chunk cost more calls, more of them leave the processor's cache.
SEGMENTS_PER_CHUNK = 4
CHUNK_BYTES = SEGMENTS_PER_CHUNK * SEGMENT_BYTES


class Sealer:
    """Encrypts into a blob; holds at most one segment of plain bytes in memory.

    With a `prefix` the same bytes are encrypted to the same blob each time. Never use the same
    key and prefix for other bytes.
    """

    def __init__(
        self, blob: BlobWriter, key: bytes, blob_id: UUID, *, prefix: bytes | None = None
    ) -> None:
        self.blob, self.cipher, self.context = blob, AESGCM(key), _context(blob_id)
        self.prefix = prefix or secrets.token_bytes(PREFIX_BYTES)
        self.count, self.rest = 0, bytearray()
        blob.write(MAGIC + self.prefix)

    def write(self, data: bytes) -> None:
        self.rest += data
        # A full segment waits for more bytes, because it may be the last one.
        while len(self.rest) > SEGMENT_BYTES:
            self._seal_segment(bytes(self.rest[:SEGMENT_BYTES]), last=False)
            del self.rest[:SEGMENT_BYTES]

    def close(self) -> None:
        self._seal_segment(bytes(self.rest), last=True)

    def _seal_segment(self, data: bytes, *, last: bool) -> None:
        nonce = _nonce(self.prefix, self.count, last)
        self.blob.write(self.cipher.encrypt(nonce, data, self.context))
        self.count += 1


def decrypted_chunks(blob: BinaryIO, key: bytes, blob_id: UUID) -> Iterator[bytes]:
    """Return an iterator over the decrypted chunks of a blob.

    Each chunk is verified before it is yielded. Raises Tampered: for the first chunk at once,
    before the iterator is returned.
    """
    chunks = _chunks(blob, AESGCM(key), _context(blob_id))
    first = next(chunks)
    return _joined(first, chunks)


def open_decrypted(
    open_blob: Callable[[], BinaryIO], key: bytes, blob_id: UUID, size: int
) -> BinaryIO:
    """Open a blob as a seekable file of `size` plain bytes. Reads raise Tampered.

    The buffer makes `read(n)` return n bytes unless the file ends, as libraries such as zipfile
    expect. A raw read ends with its segment.
    """
    return io.BufferedReader(UnsealedFile(open_blob, key, blob_id, size))


class UnsealedFile(io.RawIOBase):
    """The decrypted bytes of a blob as a raw file; use `open_decrypted`.

    Holds one segment in memory. A blob that cannot seek, such as one in a bucket, is opened again
    to go back.
    """

    def __init__(
        self, open_blob: Callable[[], BinaryIO], key: bytes, blob_id: UUID, size: int
    ) -> None:
        self.open_blob, self.size = open_blob, size
        self.cipher, self.context = AESGCM(key), _context(blob_id)
        self.blob, self.at, self.number, self.segment = open_blob(), 0, -1, b""
        self.prefix = _read_prefix(self.blob)
        self.next = 0  # number of the segment that the blob's position is at

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        self.at = max(0, offset + start)
        return self.at

    def readinto(self, buffer: Any) -> int:
        if self.at >= self.size:
            return 0
        number, start = divmod(self.at, SEGMENT_BYTES)
        if number != self.number:
            self.segment, self.number = self._decrypt(number), number
        data = self.segment[start : start + len(buffer)]
        buffer[: len(data)] = data
        self.at += len(data)
        return len(data)

    def close(self) -> None:
        self.blob.close()
        super().close()

    def _decrypt(self, number: int) -> bytes:
        self._seek_segment(number)
        sealed = self.blob.read(SEALED_BYTES)
        self.next = number + 1
        nonce = _nonce(self.prefix, number, number == (self.size - 1) // SEGMENT_BYTES)
        try:
            return self.cipher.decrypt(nonce, sealed, self.context)
        except InvalidTag as error:
            raise Tampered(f"segment {number}") from error

    def _seek_segment(self, number: int) -> None:
        if self.blob.seekable():
            self.blob.seek(len(MAGIC) + PREFIX_BYTES + number * SEALED_BYTES)
            return
        if number < self.next:
            self.blob.close()
            self.blob, self.next = self.open_blob(), 0
            _read_prefix(self.blob)
        while self.next < number:
            self.blob.read(SEALED_BYTES)
            self.next += 1


def _context(blob_id: UUID) -> bytes:
    return f"portaal1|{blob_id}".encode()


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _chunks(blob: BinaryIO, cipher: AESGCM, context: bytes) -> Iterator[bytes]:
    with blob:
        prefix, count = _read_prefix(blob), 0
        # Allocated once: new memory costs more time than the decryption of a segment.
        buffer = memoryview(bytearray(CHUNK_BYTES))
        sealed = blob.read(SEGMENTS_PER_CHUNK * SEALED_BYTES)
        while True:
            following = blob.read(SEGMENTS_PER_CHUNK * SEALED_BYTES)
            size, ends = 0, len(sealed) if not following else None
            for start in range(0, len(sealed) or 1, SEALED_BYTES):
                segment = memoryview(sealed)[start : start + SEALED_BYTES]
                nonce = _nonce(prefix, count, start + len(segment) == ends)
                room = buffer[size : size + len(segment) - TAG_BYTES]
                try:
                    size += cipher.decrypt_into(nonce, segment, context, room)
                except (InvalidTag, ValueError) as error:  # ValueError: shorter than a tag
                    raise Tampered(f"segment {count}") from error
                count += 1
            yield bytes(buffer[:size])
            if not following:
                return
            sealed = following


def _read_prefix(blob: BinaryIO) -> bytes:
    header = blob.read(len(MAGIC) + PREFIX_BYTES)
    if len(header) < len(MAGIC) + PREFIX_BYTES or header[: len(MAGIC)] != MAGIC:
        raise Tampered("not a sealed file")
    return header[len(MAGIC) :]


def _nonce(prefix: bytes, count: int, last: bool) -> bytes:
    return prefix + count.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
