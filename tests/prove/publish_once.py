"""Run inside a portal: takes in one file and publishes it, as the web does, and says so: `python -m … SUBMISSION PARTY TITLE`.

With `again` as a fourth word it comes after a crash: it says how things stand, does the same once more, and says again.
"""

from __future__ import annotations

import json
import sys
from typing import Any
from uuid import UUID

import django

django.setup()

from tests.people import PDF  # noqa: E402 - the settings come first

from portaal.domain.documents.models import Publication  # noqa: E402
from portaal.domain.documents.verbs import publish  # noqa: E402
from portaal.domain.dossiers.models import Party  # noqa: E402
from portaal.domain.files.intake import IncomingFile  # noqa: E402
from portaal.domain.files.verbs import store_file  # noqa: E402
from portaal.domain.journal.models import Event  # noqa: E402

from .aftermath import faults, left  # noqa: E402

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 700 + PDF[9:]  # three segments


def act(submission: UUID, party: Party, title: str) -> None:
    by, dossier = party.dossier.handler, party.dossier
    incoming = IncomingFile("akte.pdf", 10_000_000)
    for at in range(0, len(CONTENT), 65536):
        incoming.write(CONTENT[at : at + 65536])
    file = store_file(incoming.finish(), by=by, vault=dossier.vault, dossier=dossier.pk)
    publish(
        dossier,
        by=by,
        file=file,
        title=title,
        tab="documents",
        kind="document",
        parties=[party],
        submission=submission,
    )
    sys.stdout.write("acknowledged\n")
    sys.stdout.flush()


def state(submission: UUID, title: str) -> dict[str, int]:
    """How many there are of each thing that one publication leaves; `whole` counts those that can be read to the last byte."""
    published = Publication.objects.filter(title=title).select_related("file__vault")
    return left() | {
        "done": len(published),
        "whole": sum(b"".join(each.file.chunks()) == CONTENT for each in published),
        "events": Event.objects.filter(submission=submission).count(),
    }


def main(submission: UUID, party: Party, title: str, *, again: bool) -> None:
    if not again:
        act(submission, party, title)
        return
    said: dict[str, Any] = {"before": state(submission, title)}
    act(submission, party, title)
    said |= {"after": state(submission, title), "faults": faults()}
    sys.stdout.write(json.dumps(said))


found = Party.objects.select_related("dossier__vault", "dossier__handler").get(pk=sys.argv[2])
main(UUID(sys.argv[1]), found, sys.argv[3], again="again" in sys.argv[4:])
