"""Stores for encrypted blobs: a protocol, and the folder on disk; s3.py has the bucket.

A blob is written once and never changed. `commit` returns only when its bytes survive a power
cut, so a row with its id can then be committed safely. On disk it is renamed to its path only after
its bytes are there. A store sees no plain bytes, because the domain encrypts them first.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID, uuid4


class StoreUnavailable(OSError):
    """The store did not answer or denied access; whether the blob exists is unknown."""

    has_safe_text = True  # for the log: it names no person and no file


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


class DiskBlobs:
    """Blobs in a folder: `<aa>/<bb>/<uuid>`, files with mode 0600, folders with 0700."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def writer(self, blob_id: UUID) -> DiskBlobWriter:
        # A temporary file for each writer, so that a killed or concurrent one is not in the way.
        temporary = self.folder / "tmp" / f"{blob_id.hex}-{uuid4().hex}"
        return DiskBlobWriter(self._path(blob_id), temporary)

    def open(self, blob_id: UUID) -> BinaryIO:
        """Open a blob. Raises FileNotFoundError if it does not exist."""
        return self._path(blob_id).open("rb")

    def delete(self, blob_id: UUID) -> None:
        self._path(blob_id).unlink(missing_ok=True)

    def ids(self) -> Iterator[tuple[UUID, float]]:
        """Yield the id of every blob and the time it was written, in seconds since 1970."""
        for path in self.folder.glob("??/??/*"):
            # ValueError: not a blob of ours. FileNotFoundError: deleted meanwhile.
            with suppress(ValueError, FileNotFoundError):
                yield UUID(path.name), path.stat().st_mtime

    def delete_unfinished(self, *, before: float) -> int:
        """Delete temporary files of killed processes. Return their number."""
        old = [path for path in self.folder.glob("tmp/*") if path.stat().st_mtime < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _path(self, blob_id: UUID) -> Path:
        return self.folder / blob_id.hex[:2] / blob_id.hex[2:4] / str(blob_id)


class DiskBlobWriter:
    def __init__(self, path: Path, temporary: Path) -> None:
        self.path, self.temporary = path, temporary
        _make_folder(temporary.parent)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.file = os.fdopen(descriptor, "wb")

    def write(self, data: bytes) -> None:
        self.file.write(data)

    def commit(self) -> None:
        """Make the blob durable at its path, so that it survives a power cut."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        _make_folder(self.path.parent)
        self.temporary.rename(self.path)
        _sync_folder(self.path.parent)

    def abort(self) -> None:
        with suppress(OSError):  # closing flushes the buffer, which fails on a full disk
            self.file.close()
        self.temporary.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
