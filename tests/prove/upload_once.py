"""Run inside a portal: upload a file in parts: `python -m … SUBMISSION PARTY NAME`.

With `again` as the fourth argument it runs after a crash: it repeats the act and prints the
states before and after that, with the defects, as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

django.setup()

from tests.people import PDF  # noqa: E402 - needs the settings

from portaal.domain.dossiers.models import Party  # noqa: E402
from portaal.domain.files import uploads  # noqa: E402
from portaal.domain.files.models import StoredFile, Upload, UploadPart  # noqa: E402
from portaal.domain.journal.models import Event  # noqa: E402

from .aftermath import check, leftovers  # noqa: E402

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 700 + PDF[9:]  # three segments
PART = 100_000


def run(party: Party, name: str) -> None:
    """Upload the file, resuming an earlier attempt, and print "acknowledged"."""
    by, dossier = party.dossier.handler, party.dossier
    upload = Upload.objects.visible_to(by).filter(name=name).first()
    if upload is None:
        upload = uploads.create(
            by=by, vault=dossier.vault, dossier=dossier.pk, name=name, length=len(CONTENT)
        )
    while not upload.is_complete:
        start = upload.offset
        upload = uploads.append(upload, by=by, offset=start, chunks=[CONTENT[start : start + PART]])
    uploads.finish(upload, by=by)
    sys.stdout.write("acknowledged\n")
    sys.stdout.flush()


def state(name: str) -> dict[str, int]:
    """Count the traces of the upload.

    `done` are files of this name, `whole` those readable to the last byte.
    """
    files = StoredFile.objects.filter(name=name).select_related("vault")
    events = Event.objects.filter(
        verb="files.store_file", object_id__in=[str(file.pk) for file in files]
    )
    return leftovers() | {
        "parts": UploadPart.objects.filter(upload__closed_at=None).count(),
        "done": len(files),
        "whole": sum(b"".join(file.chunks()) == CONTENT for file in files),
        "events": events.count(),
    }


def main(party: Party, name: str, *, again: bool) -> None:
    if not again:
        run(party, name)
        return
    result: dict[str, Any] = {"before": state(name)}
    run(party, name)
    result |= {"after": state(name), "faults": check()}
    sys.stdout.write(json.dumps(result))


party = Party.objects.select_related("dossier__vault", "dossier__handler").get(pk=sys.argv[2])
main(party, f"{sys.argv[3]}.pdf", again="again" in sys.argv[4:])
