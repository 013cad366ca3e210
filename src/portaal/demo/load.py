"""The demo office. Everyone in it is invented.

It is made through the verbs only, so that loading it is a test of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone

from portaal.domain.clients import verbs as clients
from portaal.domain.clients.models import Client, Membership
from portaal.domain.documents.holders import PublicationFile
from portaal.domain.documents.verbs import publish, withdraw
from portaal.domain.dossiers import verbs as dossiers
from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.files.sealing import IncomingFile
from portaal.domain.files.tasks import check
from portaal.domain.files.verbs import download, store_file
from portaal.domain.identity import verbs as identity
from portaal.domain.identity.models import LinkRequest, User
from portaal.domain.journal.actors import ANONYMOUS, SYSTEM
from portaal.domain.office import verbs as office
from portaal.domain.office.defaults import STATUSES, TYPES
from portaal.domain.office.models import DossierType, Office, Status

from . import messages
from .papers import PAPERS, Data, make_paper

Say = Callable[[str], None]

OFFICE = {
    "name": "Lindehof notarissen",
    "emblem": "linden",
    "street": "Lindelaan 1",
    "postcode": "3581 AA",
    "city": "Utrecht",
    "phone": "030 123 45 67",
    "email": "info@lindehof.example.nl",
    "web_address": "www.lindehof.example.nl",
    "brand": "#2b3a7d",
    "accent": "#b23a4e",
}
STAFF = {
    "marieke": ("handler", "mevrouw", "Marieke", "de", "Wit"),
    "joost": ("handler", "heer", "Joost", "", "Haverkamp"),
    "fatima": ("handler", "mevrouw", "Fatima", "el", "Idrissi"),
    "ina": ("administrator account_manager", "mevrouw", "Ina", "", "Brouwer"),
}
PEOPLE = {
    "sanne": ("mevrouw", "Sanne", "de", "Boer", "Parklaan 3", "3581 KA"),
    "emre": ("heer", "Emre", "", "Yılmaz", "Parklaan 3", "3581 KA"),
    "verkoop": ("heer", "Willem", "van den", "Akker", "Lindelaan 12", "3581 AB"),
    "tamar": ("mevrouw", "Tamar", "", "Okafor", "Kanaalweg 8", "3526 KL"),
    "vroeger": ("heer", "Ties", "", "Mulder", "Singel 40", "3511 BS"),
    "nieuw": ("mevrouw", "Roos", "", "Hoekstra", "Dorpsstraat 2", "3732 HJ"),
    "visser": ("mevrouw", "Anna", "", "Visser", "Havenkade 9", "3433 PL"),
}
PORTFOLIO = 60  # dossiers of one client

# (number, type, description, handler, status, steps done, parties with roles, papers)
DOSSIERS = [
    (
        "2026.004521",
        "Levering woning",
        "Aankoop Lindelaan 12, Utrecht",
        "marieke",
        0,
        4,
        [("sanne", "buyer"), ("emre", "buyer"), ("verkoop", "seller")],
        ["levering-opdracht", "levering-waarborgsom", "levering-afspraak", "levering-concept"],
    ),
    (
        "2026.004522",
        "Samenlevingscontract",
        "Samenlevingscontract Okafor",
        "marieke",
        0,
        2,
        [("tamar", "partner")],
        ["samenleving-bespreking", "samenleving-concept"],
    ),
    (
        "2026.004502",
        "Hypotheek",
        "Hypotheek Kanaalweg 8",
        "joost",
        1,
        5,
        [("tamar", "borrower")],
        ["hypotheek-stukken", "hypotheek-concept"],
    ),
    (
        "2024.001187",
        "Testament",
        "Testament Okafor",
        "fatima",
        2,
        6,
        [("tamar", "testator")],
        ["testament-toelichting"],
    ),
    (
        "2026.004511",
        "Huwelijkse voorwaarden",
        "Huwelijkse voorwaarden Smit",
        "marieke",
        0,
        0,
        [("noa", "partner"), ("bram", "partner")],
        ["huwelijk-afspraak", "huwelijk-concept"],
    ),
    (
        "2026.004499",
        "Levenstestament",
        "Levenstestament Smit",
        "fatima",
        0,
        1,
        [("bram", "testator")],
        ["levenstestament-concept"],
    ),
    (
        "2026.004470",
        "BV-oprichting",
        "Oprichting holding Het Anker",
        "joost",
        0,
        3,
        [("anker", "founder")],
        ["bv-gegevens", "bv-concept"],
    ),
    (
        "2025.003977",
        "Levering woning",
        "Aankoop bedrijfspand Kade 5",
        "joost",
        2,
        10,
        [("anker", "buyer")],
        ["levering-opdracht"],
    ),
    (
        "2026.004388",
        "Verklaring van erfrecht",
        "Nalatenschap J. Visser",
        "fatima",
        1,
        3,
        [("visser", "heir"), ("tamar", "executor")],
        ["erfrecht-brief", "erfrecht-concept"],
    ),
    (
        "2023.000870",
        "Hypotheek",
        "Oversluiten Singel 40",
        "joost",
        3,
        2,
        [("vroeger", "borrower")],
        ["hypotheek-stukken"],
    ),
    (
        "2026.004530",
        "Testament",
        "Testament Hoekstra",
        "marieke",
        0,
        1,
        [("nieuw", "testator")],
        ["testament-concept"],
    ),
    (
        "2026.004531",
        "Levenstestament",
        "Levenstestament Visser",
        "fatima",
        0,
        0,
        [("visser", "testator")],
        [],
    ),
]


@dataclass
class Cast:
    staff: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    types: dict[str, DossierType] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)


def load(say: Say) -> None:
    """Make the whole demo office. Raises the errors of the verbs."""
    cast = Cast()
    say("the office, its statuses and types")
    office.set_up(by=SYSTEM, **OFFICE)
    cast.statuses = [
        office.add_status(by=SYSTEM, name_nl=nl, name_en=en, group=group)
        for nl, en, group in STATUSES
    ]
    for name, (english, steps) in TYPES.items():
        cast.types[name] = office.add_type(by=SYSTEM, name_nl=name, name_en=english, steps=steps)
    say("its people and its clients")
    _people(cast)
    say(f"a client with {PORTFOLIO} dossiers")
    _portfolio(cast)
    say("twelve dossiers with letters and draft deeds")
    _dossiers(cast)
    say("passwords and first visits")
    _passwords(cast)
    say("standard replies, and messages with attachments")
    purchase = Dossier.objects.get(number=messages.PURCHASE)
    messages.load(
        make_paper("bv-gegevens", _data(purchase, purchase.handler, purchase.parties.all()[0]))
    )


def _people(cast: Cast) -> None:
    for name, (roles, salutation, first, infix, surname) in STAFF.items():
        cast.staff[name] = identity.add_staff(
            by=SYSTEM,
            roles=roles.split(),
            email=f"{name}@lindehof.example.nl",
            salutation=salutation,
            first_names=first,
            infix=infix,
            surname=surname,
        )
    by = cast.staff["marieke"]
    for name, (salutation, first, infix, surname, street, postcode) in PEOPLE.items():
        cast.clients[name] = clients.add_client(
            by=by,
            salutation=salutation,
            first_names=first,
            infix=infix,
            surname=surname,
            email=f"{name}@example.nl",
            street=street,
            postcode=postcode,
            city="Utrecht",
        )
        _invite(cast.clients[name], by)
    for name, salutation, first in (("noa", "mevrouw", "Noa"), ("bram", "heer", "Bram")):
        cast.clients[name] = clients.add_client(
            by=by, salutation=salutation, first_names=first, surname="Smit", email="smit@example.nl"
        )
        _invite(cast.clients[name], by)
    for name, company, kvk, first, surname in (
        ("anker", "Bakkerij Het Anker B.V.", "12345678", "Karel", "Jansen"),
        ("beheer", "Havenzicht Vastgoedbeheer B.V.", "87654321", "Mirjam", "Postma"),
    ):
        client = clients.add_client(
            by=by,
            kind="company",
            company_name=company,
            kvk=kvk,
            surname=surname,
            first_names=first,
            email=f"{name}@example.nl",
        )
        cast.clients[name] = client
        _invite(client, by)
    extra = clients.add_login(
        cast.clients["anker"],
        by=by,
        email="anker-extra@example.nl",
        kind=Membership.Kind.EXTRA,
        all_dossiers=False,
        salutation="mevrouw",
        first_names="Meriem",
        infix="el",
        surname="Amrani",
    )
    clients.invite(extra, by=by)


def _invite(client: Client, by: User) -> None:
    clients.invite(clients.add_login(client, by=by), by=by)


def _dossiers(cast: Cast) -> None:
    """Open the dossiers, with their steps, parties and papers."""
    for number, type_, description, handler, status, done, parties, papers in DOSSIERS:
        by = cast.staff[handler]
        dossier = dossiers.open_dossier(
            by=by,
            number=number,
            description=description,
            type=cast.types[type_],
            status=cast.statuses[0],
            handler=by,
            confidential=number == "2026.004531",
        )
        admitted = [
            dossiers.admit(dossier, by=by, client=cast.clients[name], role=role)
            for name, role in parties
        ]
        for step in dossier.steps.all()[:done]:
            dossiers.advance(step, by=by)
        for paper in papers:
            to = admitted if paper.startswith("huwelijk") else admitted[:1]
            _publish(dossier, by, paper, to)
        dossiers.change_status(dossier, by=by, status=cast.statuses[status])
        if number == "2023.000870":
            dossiers.remove_party(admitted[0], by=by)
        if number == "2026.004470":
            extra = Membership.objects.get(client=cast.clients["anker"], kind=Membership.Kind.EXTRA)
            dossiers.grant(admitted[0], by=by, membership=extra)
        if number == "2026.004388":
            withdraw(dossier.publications.order_by("published_at")[0], by=by)


def _portfolio(cast: Cast) -> None:
    by, client = cast.staff["joost"], cast.clients["beheer"]
    for number in range(1, PORTFOLIO + 1):
        closed = number % 3 == 0
        dossier = dossiers.open_dossier(
            by=by,
            number=f"2026.{5000 + number:06}",
            description=f"Levering Havenkade {number}, Nieuwegein",
            type=cast.types["Levering woning"],
            status=cast.statuses[2 if closed else 0],
            handler=by,
        )
        party = dossiers.admit(dossier, by=by, client=client, role=Party.Role.SELLER)
        for step in dossier.steps.all()[: 10 if closed else number % 10]:
            dossiers.advance(step, by=by)
        if number > PORTFOLIO - 4:
            _publish(dossier, by, "levering-afspraak", [party])


def _passwords(cast: Cast) -> None:
    """Set everyone's password, except the newest client's, and download a document."""
    addresses = [
        address
        for _role, address in settings.DEMO_LOGINS + settings.DEMO_STAFF
        if address != "nieuw@example.nl"
    ]
    for address in [*addresses, "emre@example.nl"]:
        request = identity.request_password_link(by=ANONYMOUS, email=address)
        issued = request and identity.issue_password_link(request, by=SYSTEM)
        if not request or not issued:
            raise RuntimeError(f"{address} got no link")
        LinkRequest.objects.filter(pk=request.pk).update(
            answered_at=timezone.now(), email=""
        )  # no e-mail for this one
        user = identity.set_password(issued[2], settings.DEMO_PASSWORD, by=ANONYMOUS)
        identity.record_login(user, by=user, face="office" if user.is_staff else "client")
    sanne = User.objects.get(email_key="sanne@example.nl")
    first = Dossier.objects.get(number="2026.004521").publications.order_by("published_at")[0]
    download(PublicationFile(first), by=sanne).close()


def _publish(dossier: Dossier, by: User, paper: str, parties: list[Party]) -> None:
    content = make_paper(paper, _data(dossier, by, parties[0]))
    details = PAPERS[paper]
    incoming = IncomingFile(f"{details.title}.pdf".replace(":", ""), settings.FILE_MAX_BYTES)
    incoming.write(content)
    file = store_file(incoming.finish(), by=by, vault=dossier.vault, dossier=dossier.pk)
    check.func(str(file.pk))  # at once, so that the papers can be opened
    publish(
        dossier,
        by=by,
        file=file,
        title=details.title,
        tab=details.tab,
        kind=details.kind,
        parties=parties,
    )


def _data(dossier: Dossier, by: User, party: Party) -> Data:
    """Return the values of a paper's placeholders."""
    client = party.client
    return {
        "office": {
            name: str(value)
            for name, value in vars(Office.current()).items()
            if not name.startswith("_")
        },
        "at": timezone.now(),
        "number": dossier.number,
        "handler": by.full_name,
        "client": client.formal_name or client.name,
        "client_full": client.full_name or client.name,
        "address": [client.street, f"{client.postcode} {client.city}"] if client.street else [],
        "object": dossier.description,
        "partner": "de heer Emre Yılmaz",
    }
