"""The kinds of holders of a file. The tests of `test_holder.py` run for each of them.

A new room adds its holder here; `tests/house/test_holders.py` fails until it does.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Model
from tests.people import PDF, Cast, send

from portaal.domain.documents.holders import PublicationFile
from portaal.domain.documents.models import Publication
from portaal.domain.documents.verbs import publish
from portaal.domain.dossiers.models import Party
from portaal.domain.files.holders import FileHolder
from portaal.domain.identity.models import User
from portaal.domain.messaging.holders import AttachmentFile
from portaal.domain.messaging.models import Attachment
from portaal.domain.messaging.verbs import send as send_message

# Everyone who may open the file of each holder below, made for Sanne.
READERS = {"sanne", "marieke", "joost"}


def published(cast: Cast, content: bytes = PDF, party: str = "sanne") -> PublicationFile:
    """Publish a file to one party."""
    by, to = cast.users["marieke"], cast.parties[party]
    publication = publish(
        to.dossier,
        by=by,
        file=send(by, to.dossier, content=content),
        title="Akte",
        tab="documents",
        kind="document",
        parties=[to],
    )
    return PublicationFile(publication)


def sent_by_office(cast: Cast, content: bytes = PDF, party: str = "sanne") -> AttachmentFile:
    """Send a file to one party with a message of the office."""
    return _sent(cast.users["marieke"], cast.parties[party], content)


def sent_by_client(cast: Cast, content: bytes = PDF, party: str = "sanne") -> AttachmentFile:
    """Send a file of one party with a message to the office."""
    to = cast.parties[party]
    return _sent(to.client.memberships.get().user, to, content)


def _sent(by: User, party: Party, content: bytes) -> AttachmentFile:
    message = send_message(
        party.dossier,
        by=by,
        parties=[party] if by.is_staff else [],
        subject="Akte",
        body="Beste,",
        files=[send(by, party.dossier, content=content)],
    )
    return AttachmentFile(message.attachments.get())


Holding = Callable[..., FileHolder]

# A function for each kind: it makes an object with a file that is not checked yet.
HOLDERS: dict[type[Model], dict[str, Holding]] = {
    Publication: {"publication": published},
    Attachment: {
        "attachment of the office": sent_by_office,
        "attachment of a client": sent_by_client,
    },
}
EVERY_HOLDER = {name: holding for kinds in HOLDERS.values() for name, holding in kinds.items()}
