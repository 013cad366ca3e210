"""Command `python -m tools.bench.load`: fill an empty database in bulk.

It runs in the environment of the measured portal. Rows equal those of the verbs but are inserted
without them, so they have no events and no notices. Only the files of the measured client are in
the store, because no measured page opens another. The two measured people, the large file and its
publication are made through the verbs. One line of JSON on standard output gives the facts that
the measuring needs; progress goes to standard error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django is set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.utils import timezone  # noqa: E402

from portaal.domain.clients.models import Client, Membership  # noqa: E402
from portaal.domain.documents.models import Publication, Reading, Recipient  # noqa: E402
from portaal.domain.documents.verbs import publish  # noqa: E402
from portaal.domain.dossiers import verbs as dossiers  # noqa: E402
from portaal.domain.dossiers.models import Assignment, Dossier, Party, Step  # noqa: E402
from portaal.domain.files.models import StoredFile  # noqa: E402
from portaal.domain.files.sealing import IncomingFile, Sealer  # noqa: E402
from portaal.domain.files.verbs import store_file  # noqa: E402
from portaal.domain.identity import verbs as identity  # noqa: E402
from portaal.domain.identity.models import User  # noqa: E402
from portaal.domain.journal.actors import SYSTEM  # noqa: E402
from portaal.domain.keys import crypto  # noqa: E402
from portaal.domain.keys.models import Vault  # noqa: E402
from portaal.domain.messaging.models import Attachment, Message, MessageContent  # noqa: E402
from portaal.domain.messaging.models import Reading as Opening  # noqa: E402
from portaal.domain.office import verbs as office  # noqa: E402
from portaal.domain.office.models import DossierType, Status  # noqa: E402

from .bulk import insert, loading  # noqa: E402
from .paper import parts, pdf  # noqa: E402

PASSWORD = "Kersenboom8"  # noqa: S105 - of a temporary office
PER_CLIENT, PER_DOSSIER = 50, 20  # documents, and as many messages
UNREAD = 2  # of the documents of a dossier, and of its messages; the rest has been opened
WITH_FILE = 4  # one message in so many has an attachment
FEW, MANY = 1, 200  # messages in the two dossiers for sending
STEPS = 8
LARGE = int(os.environ["BENCH_LARGE_MB"]) * 1024 * 1024
STATUSES = [
    ("In behandeling", "In progress", "in_progress"),
    ("Wacht op u", "Waiting for you", "in_progress"),
]
CLOSED = ("Afgehandeld", "Closed", "closed")
YEARS = timedelta(days=3650)  # period in which the dossiers were opened
STREETS = ("Lindelaan", "Kade", "Singel", "Havenkade", "Parklaan")


def main() -> None:
    wanted = int(os.environ["BENCH_DOSSIERS"])
    load = Load(wanted)
    load.office()
    with loading():
        load.clients()
        load.dossiers()
        load.papers()
        load.messages()
    print(json.dumps(load.facts()))


class Load:
    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.now = timezone.now()
        self.client_ids = [uuid4() for _ in range(max(1, wanted // PER_CLIENT))]
        self.middle = len(self.client_ids) // 2  # the measured client
        self.user_ids = [uuid4() for _ in self.client_ids]
        self.dossier_ids = [uuid4() for _ in range(wanted)]
        self.party_ids = [uuid4() for _ in range(wanted)]
        self.vaults = [uuid4() for _ in range(wanted)]
        self.keys: dict[UUID, bytes] = {}

    def office(self) -> None:
        office.set_up(
            by=SYSTEM,
            name="Lindehof notarissen",
            phone="030 123 45 67",
            web_address="www.lindehof.example.nl",
        )
        steps = [(f"Stap {number}", f"Step {number}") for number in range(1, STEPS + 1)]
        self.type: DossierType = office.add_type(
            by=SYSTEM, name_nl="Levering woning", name_en="Transfer", steps=steps
        )
        self.statuses: list[Status] = [
            office.add_status(by=SYSTEM, name_nl=nl, name_en=en, group=group)
            for nl, en, group in [*STATUSES, CLOSED]
        ]
        self.handler = identity.add_staff(
            by=SYSTEM,
            roles=["handler"],
            email="marieke@lindehof.example.nl",
            first_names="Marieke",
            surname="Wit",
        )
        self.password = make_password(PASSWORD)
        User.objects.filter(pk=self.handler.pk).update(
            password=self.password, password_set_at=self.now
        )

    def clients(self) -> None:
        """Yield a login for each client on its own address, all with the same password."""
        name = {"salutation": "mevrouw", "first_names": "Anna", "infix": "de"}
        many = len(self.client_ids)
        insert(
            (
                Client(
                    pk=self.client_ids[n],
                    surname=f"Boer {n:06}",
                    email=email(n),
                    street=f"Laan {n}",
                    made_at=self.now,
                    **name,
                )
                for n in range(many)
            ),
            many,
        )
        dates = dict.fromkeys(
            ("made_at", "password_set_at", "first_login_at", "last_login_at"), self.now
        )
        insert(
            (
                User(
                    pk=self.user_ids[n],
                    email=email(n),
                    email_key=email(n),
                    surname=f"Boer {n:06}",
                    password=self.password,
                    **name,
                    **dates,
                )
                for n in range(many)
            ),
            many,
        )
        insert(
            (
                Membership(user_id=user, client_id=client, made_at=self.now)
                for user, client in zip(self.user_ids, self.client_ids, strict=True)
            ),
            many,
        )

    def dossiers(self) -> None:
        """Yield the dossiers of all clients, interleaved over the years."""
        insert(map(self._vault, range(self.wanted)), self.wanted)
        insert(map(self._dossier, range(self.wanted)), self.wanted)
        insert(map(self._assignment, range(self.wanted)), self.wanted)
        insert(
            (
                Party(
                    pk=self.party_ids[n],
                    dossier_id=self.dossier_ids[n],
                    client_id=self.client_ids[n % len(self.client_ids)],
                    role=Party.Role.BUYER,
                    admitted_at=self._opened(n),
                )
                for n in range(self.wanted)
            ),
            self.wanted,
        )
        insert(
            (
                Step(
                    dossier_id=self.dossier_ids[n],
                    name_nl=f"Stap {step}",
                    name_en=f"Step {step}",
                    position=step,
                    done_at=self.now if step <= n % STEPS else None,
                )
                for n in range(self.wanted)
                for step in range(1, STEPS + 1)
            ),
            self.wanted * STEPS,
        )

    def papers(self) -> None:
        """Yield small documents; the last few of a dossier are unread."""
        many = self.wanted * PER_DOSSIER
        files = self.files = [uuid4() for _ in range(many)]
        papers = [uuid4() for _ in range(many)]
        insert((self._file(n, files[n]) for n in range(many)), many)
        insert(
            (
                Publication(
                    pk=papers[n],
                    dossier_id=self.dossier_ids[n // PER_DOSSIER],
                    tab=Publication.Tab.DOCUMENTS,
                    kind=Publication.Kind.DOCUMENT,
                    title=f"Concept akte {n}",
                    file_id=files[n],
                    published_at=self._published(n),
                    published_by_id=self.handler.pk,
                )
                for n in range(many)
            ),
            many,
        )
        insert((self._recipient(n, papers[n]) for n in range(many)), many)
        insert(
            (
                Reading(
                    opened_id=papers[n],
                    user_id=self.user_ids[n // PER_DOSSIER % len(self.user_ids)],
                    read_at=self.now,
                )
                for n in range(many)
                if _is_opened(n)
            ),
            self.wanted * (PER_DOSSIER - UNREAD),
        )

    def messages(self) -> None:
        """Yield alternating messages of client and office in one thread per dossier.

        The last few of the office are unread.
        """
        many = self.wanted * PER_DOSSIER
        names = self.message_ids = [uuid4() for _ in range(many)]
        insert((self._message(n, names) for n in range(many)), many)
        with_file = range(0, many, WITH_FILE)
        insert(
            (Attachment(message_id=names[n], file_id=self.files[n], position=1) for n in with_file),
            len(with_file),
        )
        read = [n for n in range(many) if _is_read(n)]
        users = (self.user_ids[n // PER_DOSSIER % len(self.user_ids)] for n in read)
        insert(
            (
                Opening(opened_id=names[n], user_id=user, read_at=self.now)
                for n, user in zip(read, users, strict=True)
            ),
            len(read),
        )

    def facts(self) -> dict[str, Any]:
        """Create the measured client, with one dossier for the large file and one for sending."""
        by = User.objects.get(pk=self.handler.pk)
        user = User.objects.get(pk=self.user_ids[self.middle])
        neighbour = (self.middle - 1) % len(self.client_ids)
        numbers = ("groot", "ontvangst", "kort", "lang")
        one, other, short, long = (
            self._extra(number, by, self.client_ids[neighbour]) for number in numbers
        )
        for party, many in ((short, FEW), (long, MANY)):
            insert(_written(party, by, many, self.now), many)
        incoming = IncomingFile("groot.pdf", LARGE)
        for part in parts(LARGE):
            incoming.write(part)
        file = store_file(incoming.finish(), by=by, vault=one.dossier.vault, dossier=one.dossier_id)
        StoredFile.objects.filter(pk=file.pk).update(
            state=StoredFile.State.CLEAN
        )  # the scanner is not measured
        large = publish(
            one.dossier,
            by=by,
            file=file,
            title="Groot stuk",
            tab="documents",
            kind="document",
            parties=[one],
        )
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        return {
            "client": user.email,
            "owner_of_large": email(neighbour),
            "handler": by.email,
            "password": PASSWORD,
            "floor_session": session.session_key,
            "dossiers_of_client": Dossier.objects.visible_to(user).count(),
            "dossier": str(self.dossier_ids[self.middle]),
            "message": str(self.message_ids[self.middle * PER_DOSSIER]),
            "large": str(large.pk),
            "large_bytes": LARGE,
            "inbox": str(other.dossier_id),
            "inbox_party": str(other.pk),
            "short": str(short.dossier_id),
            "long": str(long.dossier_id),
        }

    def _extra(self, number: str, by: User, client: UUID) -> Party:
        dossier = dossiers.open_dossier(
            by=by,
            number=number,
            description=number,
            type=self.type,
            status=self.statuses[0],
            handler=by,
        )
        return dossiers.admit(dossier, by=by, client=Client.objects.get(pk=client), role="buyer")

    def _vault(self, number: int) -> Vault:
        vault = Vault(pk=self.vaults[number], made_at=self.now)
        self.keys[vault.pk] = crypto.new_key()
        vault.wrap(self.keys[vault.pk])
        return vault

    def _dossier(self, number: int) -> Dossier:
        turn = number // len(self.client_ids)  # one in three dossiers of a client is closed
        closed = turn % 3 == 2
        return Dossier(
            pk=self.dossier_ids[number],
            number=f"2026.{number:06}",
            description=f"Levering {STREETS[number % len(STREETS)]} {number}, Utrecht",
            type_id=self.type.pk,
            status_id=self.statuses[2 if closed else turn % 2].pk,
            handler_id=self.handler.pk,
            vault_id=self.vaults[number],
            opened_at=self._opened(number),
            closed_at=self.now if closed else None,
        )

    def _assignment(self, number: int) -> Assignment:
        return Assignment(
            dossier_id=self.dossier_ids[number],
            user_id=self.handler.pk,
            kind=Assignment.Kind.HANDLER,
        )

    def _file(self, number: int, name: UUID) -> StoredFile:
        dossier, key = number // PER_DOSSIER, crypto.new_key()
        vault = self.vaults[dossier]
        if dossier % len(self.client_ids) == self.middle:
            with Sealer(name, key) as sealer:
                sealer.write(PAPER)
        return StoredFile(
            pk=name,
            vault_id=vault,
            owner_id=self.handler.pk,
            name="akte.pdf",
            content_type="application/pdf",
            size=len(PAPER),
            sha256=PAPER_SHA,
            sealed_key=crypto.seal(self.keys[vault], key, f"portaal1|{vault}|{name}"),
            received_at=self._published(number),
            claimed_at=self._published(number),
            state=StoredFile.State.CLEAN,
        )

    def _recipient(self, number: int, paper: UUID) -> Recipient:
        seen_at = self.now if _is_opened(number) else None
        return Recipient(
            publication_id=paper,
            party_id=self.party_ids[number // PER_DOSSIER],
            seen_by_all_at=seen_at,
        )

    def _message(self, number: int, names: list[UUID]) -> Message:
        first, dossier = number - number % PER_DOSSIER, number // PER_DOSSIER
        vault, name, from_office = self.vaults[dossier], names[number], _is_from_office(number)
        sent = self._published(number)
        return Message(
            pk=name,
            dossier_id=self.dossier_ids[dossier],
            party_id=self.party_ids[dossier],
            from_office=from_office,
            sender_id=self.handler.pk
            if from_office
            else self.user_ids[dossier % len(self.user_ids)],
            sealed=crypto.seal(self.keys[vault], WORDS, f"portaal1|{vault}|text|{name}"),
            thread=names[first],
            reply_to_id=names[number - 1] if number > first else None,
            batch=name,
            sent_at=sent,
            picked_up_at=None if from_office else sent,
            seen_by_all_at=self.now if _is_read(number) else None,
        )

    def _opened(self, number: int) -> datetime:
        return self.now - YEARS * (number + 1) / (self.wanted + 1)

    def _published(self, number: int) -> datetime:
        return self._opened(number // PER_DOSSIER) + timedelta(hours=number % PER_DOSSIER)


WORDS = json.dumps(
    asdict(
        MessageContent(
            "Overdracht van de woning", "Beste mevrouw De Boer, vrijdag komt ons goed uit. " * 12
        )
    )
).encode()
PAPER = pdf()
PAPER_SHA = sha256(PAPER).hexdigest()


def _is_from_office(number: int) -> bool:
    return number % 2 == 1


def _is_opened(number: int) -> bool:
    """Row of a document with its client."""
    return number % PER_DOSSIER < PER_DOSSIER - UNREAD


def _is_read(number: int) -> bool:
    """Row of a message of the office with its client."""
    return _is_from_office(number) and number % PER_DOSSIER < PER_DOSSIER - 2 * UNREAD


def _written(party: Party, by: User, many: int, now: datetime) -> Iterator[Message]:
    """Yield messages of the office, each a thread of its own, in a dossier made by the verbs."""
    for number in range(many):
        name = uuid4()
        message = Message(
            pk=name,
            dossier=party.dossier,
            party=party,
            from_office=True,
            sender=by,
            thread=name,
            batch=name,
        )
        message.sealed, message.sent_at = (
            party.dossier.vault.seal_text(WORDS.decode(), name),
            now - timedelta(hours=number),
        )
        yield message


def email(number: int) -> str:
    return f"client{number:06}@example.nl"


if __name__ == "__main__":
    main()
