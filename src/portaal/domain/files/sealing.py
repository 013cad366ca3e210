"""Streams of bytes into the store and out of it: AES-256-GCM in segments of 64 KiB.

The segments follow the STREAM construction: each nonce holds a counter and a flag for the last
segment. Layout: `KP1` and a version byte, 7 random bytes, then segments of at most 64 KiB, each
with a tag of 16 bytes. A segment that was cut off, moved, repeated, or taken from another file
raises Tampered. No plain byte touches the disk.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Self
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portaal.domain.keys import crypto
from portaal.domain.keys.crypto import Tampered
from portaal.gateways.blobs import BlobWriter, blobs

from .gps import ExifReader
from .kinds import ALL, kind_by_name
from .names import clean_name

MAGIC = b"KP1\x01"
PREFIX_BYTES = 7
SEGMENT_BYTES = 64 * 1024
TAG_BYTES = 16
SEALED_BYTES = SEGMENT_BYTES + TAG_BYTES
# Fewer segments a chunk cost more calls, more of them leave the processor's cache.
SEGMENTS_PER_CHUNK = 4
CHUNK_BYTES = SEGMENTS_PER_CHUNK * SEGMENT_BYTES
EDGE_BYTES = 2048  # kept of the start and the end of a file, to recognise its kind


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
    """Counts, hashes, encrypts and stores one file; past `limit` bytes it stores nothing more.

    As a context manager it is finished at the end of the block, into `stored`, and aborted by an
    error. `again` are the id and the data key of a file that may be written more than once: it is
    then encrypted to the same bytes each time, so either of two concurrent writers may win. Never
    use the same key for other bytes. Raises OSError if the store fails.
    """

    stored: StoredBytes

    def __init__(self, name: str, limit: int, *, again: tuple[UUID, bytes] | None = None) -> None:
        self.name, self.limit = clean_name(name), limit
        self.id, self.key = again or (uuid4(), crypto.new_key())
        self.size, self.head, self.tail = 0, b"", b""
        kind = kind_by_name(self.name, ALL)
        # Only for photos: the search costs more time than the encryption.
        self.exif = ExifReader() if kind and kind.is_photo else None
        prefix = sha256(self.key).digest()[:PREFIX_BYTES] if again else None
        self.sealer = Sealer(self.id, self.key, prefix=prefix)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error:
            self.abort()
        else:
            self.finish()

    def write(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self.limit:
            return
        self.head = (self.head + chunk[:EDGE_BYTES])[:EDGE_BYTES]
        self.tail = (self.tail + chunk[-EDGE_BYTES:])[-EDGE_BYTES:]
        if self.exif:
            self.exif.feed(chunk)
        self.sealer.write(chunk)

    def finish(self) -> StoredBytes:
        """Make the blob durable, unless the file is empty or too large."""
        too_large = self.size > self.limit
        if too_large or not self.size:
            self.abort()
        else:
            self.sealer.commit()
        self.stored = StoredBytes(
            self.id,
            self.name,
            self.size,
            self.sealer.hash.hexdigest(),
            self.head,
            self.tail,
            self.key,
            too_large=too_large,
            has_gps=bool(self.exif and self.exif.has_gps),
        )
        return self.stored

    def abort(self) -> None:
        self.sealer.abort()


class Sealer:
    """Encrypts a stream into a new blob; holds at most one segment of plain bytes in memory.

    `size` and `hash` are those of the plain bytes. As a context manager it commits at the end of
    the block, unless nothing was written, and aborts after an error. With a `prefix` the same bytes
    are encrypted to the same blob each time. Never use the same key and prefix for other bytes.
    """

    def __init__(self, blob_id: UUID, key: bytes, *, prefix: bytes | None = None) -> None:
        self.id, self.cipher, self.context = blob_id, AESGCM(key), context_of(blob_id)
        self.prefix = prefix or secrets.token_bytes(PREFIX_BYTES)
        self.hash, self.size, self.count, self.rest = sha256(), 0, 0, bytearray()
        # Opened for the first segment: nothing is left of a stream that stays empty.
        self.blob: BlobWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error:
            self.abort()
        elif self.size:
            self.commit()

    def write(self, chunk: bytes) -> None:
        self.write_all([chunk])

    def write_all(self, chunks: Iterable[bytes], *, limit: int | None = None) -> None:
        """Encrypt chunks while they arrive; stop at the chunk that makes `size` pass `limit`."""
        for chunk in chunks:
            self.size += len(chunk)
            if limit is not None and self.size > limit:
                return
            self.hash.update(chunk)
            self.rest += chunk
            # A full segment waits for more bytes, because it may be the last one.
            while len(self.rest) > SEGMENT_BYTES:
                self._seal_segment(bytes(self.rest[:SEGMENT_BYTES]), last=False)
                del self.rest[:SEGMENT_BYTES]

    def commit(self) -> None:
        """Seal the last segment and make the blob durable. Delete it if that fails."""
        try:
            self._seal_segment(bytes(self.rest), last=True).commit()
        except BaseException:
            self.abort()
            raise

    def abort(self) -> None:
        if self.blob:
            self.blob.abort()

    def _seal_segment(self, data: bytes, *, last: bool) -> BlobWriter:
        sealed = self.cipher.encrypt(nonce_of(self.prefix, self.count, last), data, self.context)
        if self.blob is None:
            self.blob = blobs().writer(self.id)
            sealed = MAGIC + self.prefix + sealed
        self.blob.write(sealed)
        self.count += 1
        return self.blob


def decrypted_chunks(blob: BinaryIO, key: bytes, blob_id: UUID) -> Generator[bytes]:
    """Return an iterator over the decrypted chunks of a blob.

    Each chunk is verified before it is yielded. Raises Tampered: for the first chunk at once,
    before the iterator is returned.
    """
    chunks = _chunks(blob, AESGCM(key), context_of(blob_id))
    first = next(chunks)
    return _joined(first, chunks)


def context_of(blob_id: UUID) -> bytes:
    return f"portaal1|{blob_id}".encode()


def _joined(first: bytes, rest: Iterator[bytes]) -> Generator[bytes]:
    yield first
    yield from rest


def _chunks(blob: BinaryIO, cipher: AESGCM, context: bytes) -> Iterator[bytes]:
    with blob:
        prefix, count = read_prefix(blob), 0
        # Allocated once: new memory costs more time than the decryption of a segment.
        buffer = memoryview(bytearray(CHUNK_BYTES))
        sealed = blob.read(SEGMENTS_PER_CHUNK * SEALED_BYTES)
        while True:
            following = blob.read(SEGMENTS_PER_CHUNK * SEALED_BYTES)
            size, ends = 0, len(sealed) if not following else None
            for start in range(0, len(sealed) or 1, SEALED_BYTES):
                segment = memoryview(sealed)[start : start + SEALED_BYTES]
                nonce = nonce_of(prefix, count, start + len(segment) == ends)
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


def read_prefix(blob: BinaryIO) -> bytes:
    header = blob.read(len(MAGIC) + PREFIX_BYTES)
    if len(header) < len(MAGIC) + PREFIX_BYTES or header[: len(MAGIC)] != MAGIC:
        raise Tampered("not a sealed file")
    return header[len(MAGIC) :]


def nonce_of(prefix: bytes, count: int, last: bool) -> bytes:
    return prefix + count.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
