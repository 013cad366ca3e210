"""Blobs in a folder. A blob is renamed to its path only after its bytes are on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4


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
