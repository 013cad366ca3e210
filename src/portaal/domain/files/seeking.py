"""Encrypted blobs as seekable files, for libraries that read a document in any order."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portaal.domain.keys.crypto import Tampered

from .sealing import (
    MAGIC,
    PREFIX_BYTES,
    SEALED_BYTES,
    SEGMENT_BYTES,
    context_of,
    nonce_of,
    read_prefix,
)


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
        self.cipher, self.context = AESGCM(key), context_of(blob_id)
        self.blob, self.at, self.number, self.segment = open_blob(), 0, -1, b""
        self.prefix = read_prefix(self.blob)
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
        nonce = nonce_of(self.prefix, number, number == (self.size - 1) // SEGMENT_BYTES)
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
            read_prefix(self.blob)
        while self.next < number:
            self.blob.read(SEALED_BYTES)
            self.next += 1
