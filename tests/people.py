"""The cast, the same in every test: clients, a company with extra logins, and the office.

Everything is made through the verbs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from portaal.domain.clients import verbs as clients
from portaal.domain.clients.models import Client, Membership
from portaal.domain.documents.models import Publication
from portaal.domain.documents.verbs import publish, withdraw
from portaal.domain.dossiers import verbs as dossiers
from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.files import uploads
from portaal.domain.files.kinds import PUBLISHED
from portaal.domain.files.models import StoredFile, Upload
from portaal.domain.files.sealing import IncomingFile
from portaal.domain.files.tasks import check
from portaal.domain.files.verbs import store_file
from portaal.domain.identity import verbs as identity
from portaal.domain.identity.models import User
from portaal.domain.jobs.models import Job
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.roles import Role
from portaal.domain.messaging.models import CannedReply, Message
from portaal.domain.messaging.verbs import save_canned_reply
from portaal.domain.messaging.verbs import send as send_message
from portaal.domain.office import verbs as office
from portaal.domain.office.models import DossierType, Status

PASSWORD = "Kersenboom8"
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\nstartxref\n9\n%%EOF\n"


@dataclass
class Cast:
    """Objects by name. `replies` are canned replies, `uploads` are unfinished."""

    type: DossierType
    in_progress: Status
    closed: Status
    users: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    publications: dict[str, Publication] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    replies: dict[str, CannedReply] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)


def make_cast() -> Cast:
    """Make the cast through the verbs.

    Marieke handles 'purchase' (Sanne buys from Emre; each is a party), 'holding' and the
    confidential 'secret'. Joost is another handler, Ina is administrator and account manager. Het
    Anker is a company in 'holding' with two extra logins: one with a grant for that dossier, one
    without. Ties was removed from 'purchase'. Olga is a client without a dossier. One e-mail to
    Emre is a dead job. Sanne and Marieke have each an unfinished upload in 'purchase'.
    """
    office.set_up(
        by=SYSTEM,
        name="Lindehof notarissen",
        phone="030 123 45 67",
        web_address="www.lindehof.example.nl",
    )
    cast = Cast(
        type=office.add_type(
            by=SYSTEM, name_nl="Levering", name_en="Transfer", steps=[("Een", "One"), ("Twee", "")]
        ),
        in_progress=office.add_status(
            by=SYSTEM, name_nl="In behandeling", name_en="In progress", group="in_progress"
        ),
        closed=office.add_status(
            by=SYSTEM, name_nl="Afgehandeld", name_en="Closed", group="closed"
        ),
    )
    for name, roles in (
        ("marieke", [Role.HANDLER]),
        ("joost", [Role.HANDLER]),
        ("ina", [Role.ADMINISTRATOR, Role.ACCOUNT_MANAGER]),
    ):
        user = identity.add_staff(
            by=SYSTEM, roles=roles, email=f"{name}@kantoor.example.nl", surname=name.title()
        )
        cast.users[name] = give_password(user)
    by = cast.users["marieke"]
    for name in ("sanne", "emre", "ties", "olga"):
        client = clients.add_client(
            by=by,
            salutation="mevrouw",
            first_names=name.title(),
            surname="Test",
            email=f"{name}@example.nl",
        )
        cast.clients[name] = client
        cast.users[name] = give_password(clients.add_login(client, by=by).user)
    company = clients.add_client(
        by=by,
        kind="company",
        company_name="Het Anker B.V.",
        surname="Jansen",
        email="anker@example.nl",
    )
    cast.clients["anker"] = company
    cast.users["anker"] = give_password(clients.add_login(company, by=by).user)
    for name in ("granted", "ungranted"):
        extra = clients.add_login(
            company,
            by=by,
            email=f"{name}@example.nl",
            kind=Membership.Kind.EXTRA,
            all_dossiers=False,
            surname=name.title(),
        )
        cast.users[name] = give_password(extra.user)
    _fill(cast, by)
    return cast


def give_password(user: User) -> User:
    """Set the password of a login without the verb and its link."""
    user.password, user.password_set_at = _hashed(PASSWORD), timezone.now()
    user.save(update_fields=["password", "password_set_at"])
    return user


@cache
def _hashed(password: str) -> str:
    """Hash once: in a proof, hashing is as slow as in production."""
    return make_password(password)


def open_dossier(
    cast: Cast, by: User, number: str, *, confidential: bool = False, status: Status | None = None
) -> Dossier:
    return dossiers.open_dossier(
        by=by,
        number=number,
        description=f"Dossier {number}",
        type=cast.type,
        status=status or cast.in_progress,
        handler=by,
        confidential=confidential,
    )


def send(
    by: User,
    dossier: Dossier,
    *,
    content: bytes = PDF,
    name: str = "akte.pdf",
    kinds: Any = PUBLISHED,
) -> StoredFile:
    """Store a file that waits for its check."""
    incoming = IncomingFile(name, 10_000_000)
    incoming.write(content)
    return store_file(
        incoming.finish(), by=by, vault=dossier.vault, dossier=dossier.pk, kinds=kinds
    )


def store(
    by: User, dossier: Dossier, *, content: bytes = PDF, name: str = "akte.pdf"
) -> StoredFile:
    """Store a file and check it."""
    file = send(by, dossier, content=content, name=name)
    Job.objects.filter(task=check.module_path, arguments__args__0=str(file.pk)).delete()
    check.func(str(file.pk))
    file.refresh_from_db()
    return file


def publish_to(
    parties: list[Party], by: User, *, title: str = "Concept akte", tab: str = "documents"
) -> Publication:
    dossier = parties[0].dossier
    return publish(
        dossier,
        by=by,
        file=store(by, dossier),
        title=title,
        tab=tab,
        kind="document",
        parties=parties,
    )


def write_messages(cast: Cast) -> None:
    """Send a message with an attachment to each party, and one from Sanne ('asked').

    Also adds two canned replies: one of the office and one of Marieke.
    """
    by = cast.users["marieke"]
    for name in ("sanne", "emre", "anker", "secret"):
        party = cast.parties[name]
        content = {
            "subject": f"Voor {name}",
            "body": "Komt vrijdag u uit?",
            "files": [store(by, party.dossier)],
        }
        cast.messages[name] = send_message(party.dossier, by=by, parties=[party], **content)
    purchase, sanne = cast.dossiers["purchase"], cast.users["sanne"]
    files = [store(sanne, purchase, name="paspoort.pdf")]
    cast.messages["asked"] = send_message(
        purchase, by=sanne, subject="Kopie stukken", body="Beste, Hierbij zend ik", files=files
    )
    for name, own in (("office", False), ("marieke", True)):
        cast.replies[name] = save_canned_reply(
            None, by=by, name=f"Antwoord van {name}", body="Beste {aanhef},", own=own
        )


def _fill(cast: Cast, by: User) -> None:
    purchase = cast.dossiers["purchase"] = open_dossier(cast, by, "2026.1")
    holding = cast.dossiers["holding"] = open_dossier(cast, by, "2026.2")
    secret = cast.dossiers["secret"] = open_dossier(cast, by, "2026.3", confidential=True)
    for name, dossier, role in (
        ("sanne", purchase, "buyer"),
        ("emre", purchase, "seller"),
        ("ties", purchase, "adviser"),
        ("anker", holding, "founder"),
    ):
        cast.parties[name] = dossiers.admit(dossier, by=by, client=cast.clients[name], role=role)
    cast.parties["secret"] = dossiers.admit(
        secret, by=by, client=cast.clients["emre"], role="testator"
    )
    extra = Membership.objects.get(user=cast.users["granted"])
    dossiers.grant(cast.parties["anker"], by=by, membership=extra)
    for name in ("sanne", "emre", "ties", "anker", "secret"):
        cast.publications[name] = publish_to([cast.parties[name]], by, title=f"Voor {name}")
    cast.publications["withdrawn"] = withdraw(
        publish_to([cast.parties["sanne"]], by, title="Ingetrokken"), by=by
    )
    dossiers.remove_party(cast.parties["ties"], by=by)
    for name in ("sanne", "marieke"):
        cast.uploads[name] = uploads.create(
            by=cast.users[name],
            vault=purchase.vault,
            dossier=purchase.pk,
            name="akte.pdf",
            length=len(PDF),
        )
    news = Job.objects.filter(
        task__endswith="send_news", arguments__args__0=str(cast.users["emre"].pk)
    )
    Job.objects.filter(pk=news.latest("created_at").pk).update(
        state=Job.State.DEAD,
        finished_at=timezone.now(),
        error="SMTPRecipientsRefused: no such mailbox",
    )
