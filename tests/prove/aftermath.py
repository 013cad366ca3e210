"""Run inside a portal, by what was killed in it: what is left of files, and what is wrong with that."""

from __future__ import annotations

import os
import time

from django.conf import settings

from portaal.domain.files import sweep
from portaal.domain.files.models import StoredFile
from portaal.domain.journal import chain

AGED = 3 * 86400
KNOWN = int(os.environ.get("PROVE_KNOWN", "0"))  # files that were there before


def left() -> dict[str, int]:
    """How many drafts, blobs and files there are more than before."""
    return {
        "drafts": len(list((settings.FILES_DIR / "tmp").glob("*"))),
        "blobs": len(list(settings.FILES_DIR.glob("??/??/*"))) - KNOWN,
        "files": StoredFile.objects.count() - KNOWN,
    }


def faults() -> list[str]:
    """What is wrong after the sweep, in words; everything that lies in the store is made old enough for it."""
    make_old()
    sweep.sweep()
    drafts = [f"draft {path.name}" for path in (settings.FILES_DIR / "tmp").glob("*")]
    return [*chain.find_breaks(), *sweep.verify(), *drafts]


def make_old() -> None:
    for path in settings.FILES_DIR.rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - AGED,) * 2)
