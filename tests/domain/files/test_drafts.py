"""What a process that was killed left half written."""

from __future__ import annotations

import time
from pathlib import Path
from uuid import uuid4

from tests.stores import DiskHands, Hands

from portaal.domain.files.intake import IncomingFile
from portaal.gateways.blobs.s3 import PART_BYTES


def begin(hands: Hands, name: str) -> None:
    """A file that never ends: larger than one part, so that an object store has some of it."""
    IncomingFile(name, 2 * PART_BYTES).write(b"x" * (PART_BYTES + 100_000))


def test_old_drafts_go_and_what_is_being_written_stays(hands: Hands) -> None:
    store = hands.store()
    begin(hands, "old.pdf")
    assert (store.delete_unfinished(before=time.time() - 60), hands.unfinished()) == (0, 1)
    assert (store.delete_unfinished(before=time.time() + 60), hands.unfinished()) == (1, 0)


def test_a_stray_thing_is_no_blob(hands: Hands) -> None:
    (hands.folder / "ab" / "cd").mkdir(parents=True)
    (hands.folder / "ab" / "cd" / "notes.txt").write_text("left here by hand")
    assert list(hands.store().ids()) == []


def test_a_draft_that_a_full_disk_broke_goes_at_once(tmp_path: Path) -> None:
    hands = DiskHands(tmp_path / "files")
    out = hands.store().writer(uuid4())
    out.file = Path("/dev/full").open("wb")  # noqa: SIM115 - closing it is what is tried
    out.write(b"x")
    out.abort()
    assert hands.unfinished() == 0
