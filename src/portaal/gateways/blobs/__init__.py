"""Where sealed bytes lie: a small protocol, a folder on disk, and a bucket behind S3.

A blob is written once and never changed. `keep` returns only when its bytes are where a power cut cannot take them, so a row
that names it can be committed safely (security.md 0.1). Whoever can read the store reads nothing: the domain seals first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol
from uuid import UUID, uuid4


class StoreAway(OSError):
    """The store did not answer, or would not have us: nothing is known of the blob that was asked for."""


class Blobs(Protocol):
    """Every act raises OSError when the store fails; StoreAway when it lies elsewhere and cannot be reached."""

    def writer(self, name: UUID) -> BlobWriter: ...

    def open(self, name: UUID) -> BinaryIO:
        """Raises FileNotFoundError when there is no such blob."""

    def delete(self, name: UUID) -> None:
        """Nothing happens when it was gone already."""

    def names(self) -> Iterator[tuple[UUID, float]]:
        """Every blob with the time it was written (seconds since 1970)."""

    def drop_drafts(self, *, before: float) -> int:
        """Removes what a process that was killed left half written; returns how many."""


class BlobWriter(Protocol):
    def write(self, data: bytes) -> None: ...

    def keep(self) -> None:
        """Makes the blob durable under its name; it is not there before this, and whole after it."""

    def drop(self) -> None:
        """Leaves nothing of it."""


def blobs() -> Blobs:
    """The store of this installation."""
    from django.conf import settings

    if settings.FILES_S3:
        from .s3 import S3Blobs

        return S3Blobs(settings.FILES_S3)
    from .disk import DiskBlobs

    return DiskBlobs(settings.FILES_DIR)


def probe(store: Blobs) -> None:
    """Writes, reads and removes one blob. Raises OSError when the store does not do what it must."""
    name, content = uuid4(), b"probe"
    out = store.writer(name)
    out.write(content)
    out.keep()
    try:
        with store.open(name) as blob:
            if blob.read() != content:
                raise OSError("the store gives back other bytes than it was given")
    finally:
        store.delete(name)
