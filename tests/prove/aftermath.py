"""Counts and checks of stored files, for programs that are killed inside a portal."""

from __future__ import annotations

import os
import time

from django.conf import settings

from portaal.domain.files import sweep
from portaal.domain.files.models import StoredFile
from portaal.domain.journal import chain

AGED = 3 * 86400
KNOWN = int(os.environ.get("PROVE_KNOWN", "0"))  # number of files at the start


def leftovers() -> dict[str, int]:
    """Return how many drafts, blobs and files exist beyond those at the start."""
    return {
        "drafts": len(list((settings.FILES_DIR / "tmp").glob("*"))),
        "blobs": len(list(settings.FILES_DIR.glob("??/??/*"))) - KNOWN,
        "files": StoredFile.objects.count() - KNOWN,
    }


def check() -> list[str]:
    """Return the defects after the sweep, as sentences.

    All stored files are first made old enough for the sweep.
    """
    make_old()
    sweep.sweep()
    drafts = [f"draft {path.name}" for path in (settings.FILES_DIR / "tmp").glob("*")]
    return [*chain.find_breaks(), *sweep.verify(), *drafts]


def make_old() -> None:
    """Set the age of every stored file to three days."""
    for path in settings.FILES_DIR.rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - AGED,) * 2)
