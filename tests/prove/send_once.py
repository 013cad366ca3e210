"""Run inside a portal: send two files: `python -m … SUBMISSION PARTY SUBJECT`.

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

from portaal.domain.dossiers.models import Party  # noqa: E402
from portaal.domain.files.kinds import ALL  # noqa: E402
from portaal.domain.files.sealing import IncomingFile  # noqa: E402
from portaal.domain.files.verbs import store_file  # noqa: E402
from portaal.domain.journal.models import Event  # noqa: E402
from portaal.domain.messaging.models import Message  # noqa: E402
from portaal.domain.messaging.verbs import send  # noqa: E402
from portaal.domain.notifications.models import Notice  # noqa: E402

from .aftermath import check, leftovers  # noqa: E402

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 700 + PDF[9:]  # three segments


BODY = "Beste,\n\nHierbij zend ik twee stukken."


def run(submission: UUID, party: Party, subject: str) -> None:
    """Store two files and send a message with them, and print "acknowledged"."""
    by, dossier = party.dossier.handler, party.dossier
    files = []
    for name in ("een.pdf", "twee.pdf"):
        incoming = IncomingFile(name, 10_000_000)
        for at in range(0, len(CONTENT), 65536):
            incoming.write(CONTENT[at : at + 65536])
        files.append(
            store_file(incoming.finish(), by=by, vault=dossier.vault, dossier=dossier.pk, kinds=ALL)
        )
    send(
        dossier,
        by=by,
        parties=[party],
        subject=subject,
        body=BODY,
        files=files,
        submission=submission,
    )
    sys.stdout.write("acknowledged\n")
    sys.stdout.flush()


def state(submission: UUID, subject: str) -> dict[str, int]:
    """Count the traces of the message.

    `whole` are those with both files, readable to the last byte, and with the notice.
    """
    sent = [
        each
        for each in Message.objects.select_related("dossier__vault")
        if each.content.subject == subject
    ]
    events = Event.objects.filter(submission=submission)
    notices = Notice.objects.filter(event__in=events.values("seq")).count()
    return leftovers() | {
        "done": len(sent),
        "whole": sum(_is_whole(each) for each in sent) * notices,
        "events": len(events),
    }


def _is_whole(message: Message) -> bool:
    files = [
        b"".join(attachment.file.chunks())
        for attachment in message.attachments.select_related("file__vault")
    ]
    return (message.content.body, files) == (BODY, [CONTENT, CONTENT])


def main(submission: UUID, party: Party, subject: str, *, again: bool) -> None:
    if not again:
        run(submission, party, subject)
        return
    result: dict[str, Any] = {"before": state(submission, subject)}
    run(submission, party, subject)
    result |= {"after": state(submission, subject), "faults": check()}
    sys.stdout.write(json.dumps(result))


party = Party.objects.select_related("dossier__vault", "dossier__handler").get(pk=sys.argv[2])
main(UUID(sys.argv[1]), party, sys.argv[3], again="again" in sys.argv[4:])
