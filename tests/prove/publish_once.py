"""Run inside a portal: publish a file: `python -m … SUBMISSION PARTY TITLE`.

With `again` as the fourth argument it runs after a crash: it repeats the act and prints the
states before and after that, with the defects, as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any
from uuid import UUID

import django

django.setup()

from tests.people import PDF  # noqa: E402 - needs the settings

from portaal.domain.documents.models import Publication  # noqa: E402
from portaal.domain.documents.verbs import publish  # noqa: E402
from portaal.domain.dossiers.models import Party  # noqa: E402
from portaal.domain.files.sealing import IncomingFile  # noqa: E402
from portaal.domain.files.verbs import store_file  # noqa: E402
from portaal.domain.journal.models import Event  # noqa: E402

from .aftermath import check, leftovers  # noqa: E402

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 700 + PDF[9:]  # three segments


def run(submission: UUID, party: Party, title: str) -> None:
    """Store and publish as the web does, and print "acknowledged"."""
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
    """Count the traces of the publication; `whole` are those readable to the last byte."""
    published = Publication.objects.filter(title=title).select_related("file__vault")
    return leftovers() | {
        "done": len(published),
        "whole": sum(b"".join(each.file.chunks()) == CONTENT for each in published),
        "events": Event.objects.filter(submission=submission).count(),
    }


def main(submission: UUID, party: Party, title: str, *, again: bool) -> None:
    if not again:
        run(submission, party, title)
        return
    result: dict[str, Any] = {"before": state(submission, title)}
    run(submission, party, title)
    result |= {"after": state(submission, title), "faults": check()}
    sys.stdout.write(json.dumps(result))


party = Party.objects.select_related("dossier__vault", "dossier__handler").get(pk=sys.argv[2])
main(UUID(sys.argv[1]), party, sys.argv[3], again="again" in sys.argv[4:])
