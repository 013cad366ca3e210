"""What a process that was killed left half written."""

from __future__ import annotations

import os

import pytest
from django.conf import settings

from portaal.domain.files import store
from portaal.domain.files.receipt import Receipt
from portaal.gateways.blobs import blobs


@pytest.mark.django_db
def test_sweep_takes_old_drafts_and_leaves_what_is_being_written():
    for name in ("old.pdf", "new.pdf"):
        Receipt(name, 1000).write(b"%PDF-")  # never finished
    old, new = sorted((settings.FILES_DIR / "tmp").iterdir())
    os.utime(old, (0, 0))
    assert store.sweep() == 1
    assert list((settings.FILES_DIR / "tmp").iterdir()) == [new]


def test_a_stray_file_is_no_blob():
    stray = settings.FILES_DIR / "ab" / "cd" / "notes.txt"
    stray.parent.mkdir(parents=True)
    stray.write_text("left here by hand")
    assert list(blobs().names()) == []
