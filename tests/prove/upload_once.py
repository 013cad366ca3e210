"""Run inside a portal: sends one file by pieces, going on where it was cut off, and says so: `python -m … SUBMISSION PARTY NAME`.

With `again` as a fourth word it comes after a crash: it says how things stand, does the same once more, and says again.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

django.setup()

from tests.people import PDF  # noqa: E402 - the settings come first

from portaal.domain.dossiers.models import Party  # noqa: E402
from portaal.domain.files import uploads  # noqa: E402
from portaal.domain.files.models import StoredFile, Upload, UploadPart  # noqa: E402
from portaal.domain.journal.models import Event  # noqa: E402

from .aftermath import faults, left  # noqa: E402

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 700 + PDF[9:]  # three segments
PIECE = 100_000


def act(party: Party, name: str) -> None:
    by, dossier = party.dossier.handler, party.dossier
    upload = Upload.objects.visible_to(by).filter(name=name).first()
    if upload is None:
        upload = uploads.create(
            by=by, vault=dossier.vault, dossier=dossier.pk, name=name, length=len(CONTENT)
        )
    while not upload.is_complete:
        start = upload.offset
        upload = uploads.append(
            upload, by=by, offset=start, chunks=[CONTENT[start : start + PIECE]]
        )
    uploads.finish(upload, by=by)
    sys.stdout.write("acknowledged\n")
    sys.stdout.flush()


def state(name: str) -> dict[str, int]:
    """As of a publication: what is done is a file of this name, `whole` when it can be read to the last byte."""
    files = StoredFile.objects.filter(name=name).select_related("vault")
    told = Event.objects.filter(
        verb="files.receive", object_id__in=[str(file.pk) for file in files]
    )
    return left() | {
        "pieces": UploadPart.objects.filter(upload__closed_at=None).count(),
        "done": len(files),
        "whole": sum(b"".join(file.chunks()) == CONTENT for file in files),
        "events": told.count(),
    }


def main(party: Party, name: str, *, again: bool) -> None:
    if not again:
        act(party, name)
        return
    said: dict[str, Any] = {"before": state(name)}
    act(party, name)
    said |= {"after": state(name), "faults": faults()}
    sys.stdout.write(json.dumps(said))


found = Party.objects.select_related("dossier__vault", "dossier__handler").get(pk=sys.argv[2])
main(found, f"{sys.argv[3]}.pdf", again="again" in sys.argv[4:])
