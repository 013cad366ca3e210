"""A page costs the same number of queries with 1, 50 and 1,000 rows."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import reverse
from django.utils import timezone
from tests.people import PDF, Cast, make_cast, open_dossier, publish_to, store
from tests.queries import statements

from portaal.domain.documents.models import Publication, Recipient
from portaal.domain.dossiers import verbs as dossiers
from portaal.domain.dossiers.models import Dossier, Party, Step
from portaal.domain.messaging.models import Message, MessageContent, Reading
from portaal.domain.messaging.verbs import read, reply, send

from .matrix import browser_of

COST = {
    "home": 6,
    "list": 6,
    "search": 7,
    "dossier": 6,
    "messages": 8,
    "message": 12,
    "sending with a file": 12,
    "office list": 8,
    "office dossier": 18,
    "office progress": 13,
    "office clients": 8,
    "office waiting": 6,
    "office conversations": 14,
    "office conversation": 26,
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def first(cast: Cast) -> Publication:
    """Return the one publication in the one dossier of Olga."""
    by = cast.users["marieke"]
    dossier = open_dossier(cast, by, "O1")
    return publish_to(
        [dossiers.admit(dossier, by=by, client=cast.clients["olga"], role="buyer")], by
    )


@pytest.fixture
def asked(cast: Cast, first: Publication) -> Message:
    """Return a read message of Olga with an attachment, which replies to one to her.

    Beside it are an unread message to her and one from her, each a conversation of its own.
    """
    olga, marieke, dossier = cast.users["olga"], cast.users["marieke"], first.dossier
    party = Party.objects.get(publications__publication=first)
    told = send(
        dossier,
        by=marieke,
        parties=[party],
        subject="Vraag",
        body="Beste,",
        files=[store(marieke, dossier)],
    )
    read(told, by=olga)
    asked = reply(told, by=olga, subject="RE: Vraag", body="Hierbij.", files=[store(olga, dossier)])
    read(asked, by=marieke)
    send(dossier, by=marieke, parties=[party], subject="Vraag", body="Beste,")
    send(dossier, by=olga, subject="Vraag", body="Beste,")
    return asked


@pytest.mark.either_database
@pytest.mark.parametrize("rows", [1, 50, 1000])
def test_page_costs_same_queries_with_few_and_many_rows(
    cast: Cast, first: Publication, asked: Message, rows: int
):
    _add_dossiers(first, rows - 1)
    _add_publications(first, rows - 1)
    _add_messages(asked, rows - 1)
    Message.objects.new_to(cast.users["olga"]).update(
        sent_at=timezone.now()
    )  # the newest: home shows it
    assert _costs(cast, first.dossier, asked) == COST


def _costs(cast: Cast, dossier: Dossier, asked: Message) -> dict[str, int]:
    pages = {
        "olga": {
            "home": "/",
            "list": "/dossiers/?q=",
            "search": "/dossiers/?q=dossier",
            "dossier": reverse("client:dossier_tab", args=[dossier.pk, "documenten"]),
            "messages": reverse("client:dossier_tab", args=[dossier.pk, "berichten"]),
            "message": reverse("client:message", args=[asked.reply_to_id]),
        },
        "marieke": {
            "office list": reverse("office:dossiers"),
            "office dossier": reverse("office:dossier", args=[dossier.pk]),
            "office progress": reverse("office:progress", args=[dossier.pk]),
            "office clients": reverse("office:clients"),
            "office waiting": reverse("office:waiting"),
            "office conversations": reverse("office:conversations", args=[dossier.pk]),
            "office conversation": reverse("office:message", args=[asked.pk]),
        },
    }
    costs, browsers = {}, {person: browser_of(cast.users[person]) for person in pages}
    for person, addresses in pages.items():
        for name, path in addresses.items():
            with statements() as queries:
                assert browsers[person].get(path).status_code == 200
            costs[name] = len(queries)
    upload = SimpleUploadedFile("akte.pdf", PDF, "application/pdf")
    said = {"subject": "Kopie", "body": "Hierbij.", "submission": str(uuid4()), "upload": upload}
    with statements() as queries:
        assert (
            browsers["olga"]
            .post(reverse("client:message_new", args=[dossier.pk]), said)
            .status_code
            == 302
        )
    costs["sending with a file"] = sum("SAVEPOINT" not in sql for sql, _values in queries)
    return costs


def _add_dossiers(like: Publication, many: int) -> None:
    """Add dossiers with one publication each, and as many clients and steps."""
    party = Party.objects.get(publications__publication=like)
    publications = _copies(
        like,
        many,
        dossier=_saved(_copies(like.dossier, many, number="O-{}", vault=_vaults(like, many))),
    )
    parties = _saved(
        _copies(party, many, dossier=[publication.dossier for publication in publications])
    )
    _publish(publications, parties)
    _saved(_copies(party.client, many, vault=_vaults(like, many)))
    _saved(_copies(Step.objects.filter(dossier=like.dossier)[0], many))


def _add_publications(like: Publication, many: int) -> None:
    """Add publications in the same dossier, to the same party."""
    _publish(_copies(like, many), [Party.objects.get(publications__publication=like)] * many)


def _add_messages(like: Message, many: int) -> None:
    """Add messages to and from the office with attachments, and as many other conversations.

    The handler has opened them all.
    """
    attachment, reading = like.attachments.get(), like.readings.get()
    for original, threads in (
        (like, [like.thread] * many),
        (like.reply_to, [like.thread] * many),
        (like, None),
    ):
        before = [
            original.sent_at - timedelta(days=2, minutes=number) for number in range(many)
        ]  # within no limit on sending
        messages = _copies(
            original, many, thread=threads or _ids(many), batch=_ids(many), sent_at=before
        )
        for message in messages:
            message.dossier = original.dossier  # with its vault: no query a message
            message.seal(MessageContent("Vraag", "Beste,"))
        _saved(messages)
        files = _saved(_copies(attachment.file, many))
        _saved(_copies(attachment, many, message=messages, file=files))
        Reading.objects.bulk_create(
            Reading(opened=message, user_id=reading.user_id) for message in messages
        )


def _publish(publications: list[Publication], parties: list[Party]) -> None:
    files = _saved(_copies(publications[0].file, len(publications))) if publications else []
    for publication, file in zip(publications, files, strict=True):
        publication.file = file
    _saved(publications)
    rows = zip(publications, parties, strict=True)
    Recipient.objects.bulk_create(
        Recipient(publication=publication, party=party) for publication, party in rows
    )


def _vaults(like: Publication, many: int) -> list[models.Model]:
    return _saved(_copies(like.dossier.vault, many))


def _copies(row, many: int, **changes):
    """Copy a row; a change is a text with a place for a number, or a list of values."""
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    copies = []
    for number in range(many):
        copy = type(row)(id=uuid4(), **kept)
        for name, value in changes.items():
            setattr(copy, name, value.format(number) if isinstance(value, str) else value[number])
        copies.append(copy)
    return copies


def _ids(many: int) -> list[UUID]:
    return [uuid4() for _ in range(many)]


def _saved(rows):
    if rows:
        type(rows[0]).objects.bulk_create(rows)
    return rows
