"""Stores for encrypted blobs: a protocol, a folder on disk, and a bucket of an S3 server.

A blob is written once and never changed. `commit` returns only when its bytes survive a power
cut, so a row with its id can then be committed safely. A store sees no plain bytes, because the
domain encrypts them first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol
from uuid import UUID, uuid4


class StoreUnavailable(OSError):
    """The store did not answer or denied access; whether the blob exists is unknown."""


class Blobs(Protocol):
    """A store. Methods raise OSError if it fails, StoreUnavailable if it cannot be reached."""

    def writer(self, blob_id: UUID) -> BlobWriter: ...

    def open(self, blob_id: UUID) -> BinaryIO:
        """Open a blob. Raises FileNotFoundError if it does not exist."""

    def delete(self, blob_id: UUID) -> None:
        """Delete a blob, if it exists."""

    def ids(self) -> Iterator[tuple[UUID, float]]:
        """Yield the id of every blob and the time it was written, in seconds since 1970."""

    def delete_unfinished(self, *, before: float) -> int:
        """Delete the leftovers of killed writers that are older than this time.

        Return their number.
        """


class BlobWriter(Protocol):
    def write(self, data: bytes) -> None: ...

    def commit(self) -> None:
        """Make the blob durable. It does not exist before this and is complete after it."""

    def abort(self) -> None:
        """Delete the bytes that were written."""


def blobs() -> Blobs:
    """Return the store of this installation."""
    from django.conf import settings

    if settings.FILES_S3:
        from .s3 import S3Blobs

        return S3Blobs(settings.FILES_S3)
    from .disk import DiskBlobs

    return DiskBlobs(settings.FILES_DIR)


def probe(store: Blobs) -> None:
    """Write, read and delete one blob. Raises OSError if the store does not work."""
    blob_id, content = uuid4(), b"probe"
    writer = store.writer(blob_id)
    writer.write(content)
    writer.commit()
    try:
        with store.open(blob_id) as blob:
            if blob.read() != content:
                raise OSError("the store gives back other bytes than it was given")
    finally:
        store.delete(blob_id)
