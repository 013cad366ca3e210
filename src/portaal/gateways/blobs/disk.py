"""Blobs in a folder. A blob gets its name only after its bytes and its folder are on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4


class DiskBlobs:
    """Blobs in a folder: `<aa>/<bb>/<uuid>`, mode 0600, folders 0700."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def writer(self, name: UUID) -> DiskBlobWriter:
        # A draft of its own for each writer: one that was killed, or writes the same beside it, is not in the way.
        return DiskBlobWriter(self._path(name), self.folder / "tmp" / f"{name.hex}-{uuid4().hex}")

    def open(self, name: UUID) -> BinaryIO:
        """Raises FileNotFoundError when there is no such blob."""
        return self._path(name).open("rb")

    def delete(self, name: UUID) -> None:
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[UUID, float]]:
        """Every blob with the time it was written (seconds since 1970)."""
        for path in self.folder.glob("??/??/*"):
            with suppress(
                ValueError, FileNotFoundError
            ):  # a stray file is not ours; one may just have gone
                yield UUID(path.name), path.stat().st_mtime

    def drop_drafts(self, *, before: float) -> int:
        """Removes what a process that was killed left half written; returns how many."""
        old = [path for path in self.folder.glob("tmp/*") if path.stat().st_mtime < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _path(self, name: UUID) -> Path:
        return self.folder / name.hex[:2] / name.hex[2:4] / str(name)


class DiskBlobWriter:
    def __init__(self, path: Path, draft: Path) -> None:
        self.path, self.draft = path, draft
        _make_folder(draft.parent)
        self.file = os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def write(self, data: bytes) -> None:
        self.file.write(data)

    def keep(self) -> None:
        """Makes the blob durable under its name; after this a power cut cannot take it."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        _make_folder(self.path.parent)
        self.draft.rename(self.path)
        _sync_folder(self.path.parent)

    def drop(self) -> None:
        with suppress(OSError):  # a full disk, and closing writes what is left
            self.file.close()
        self.draft.unlink(missing_ok=True)


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
