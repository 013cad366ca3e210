"""Unfinished writes that a killed process leaves in the store."""

from __future__ import annotations

import time
from pathlib import Path
from uuid import uuid4

from tests.stores import DiskHands, Hands

from portaal.domain.files.sealing import IncomingFile
from portaal.gateways.blobs.s3 import PART_BYTES


def write_without_end(name: str) -> None:
    """Write more bytes than one part of a multipart upload, and never finish."""
    IncomingFile(name, 2 * PART_BYTES).write(b"x" * (PART_BYTES + 100_000))


def test_new_unfinished_write_is_kept(hands: Hands) -> None:
    write_without_end("new.pdf")
    assert hands.store().delete_unfinished(before=time.time() - 60) == 0
    assert hands.unfinished() == 1


def test_old_unfinished_write_is_deleted(hands: Hands) -> None:
    write_without_end("old.pdf")
    assert hands.store().delete_unfinished(before=time.time() + 60) == 1
    assert hands.unfinished() == 0


def test_stray_file_is_not_a_blob(hands: Hands) -> None:
    (hands.folder / "ab" / "cd").mkdir(parents=True)
    (hands.folder / "ab" / "cd" / "notes.txt").write_text("left here by hand")
    assert list(hands.store().ids()) == []


def test_aborted_write_to_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    hands = DiskHands(tmp_path / "files")
    writer = hands.store().writer(uuid4())
    writer.file = Path("/dev/full").open("wb")  # noqa: SIM115 - closing it is what is tested
    writer.write(b"x")
    writer.abort()
    assert hands.unfinished() == 0
