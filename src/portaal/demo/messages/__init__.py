"""Messages of the demo office, in text files with the subject on the first line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.utils import timezone

from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.dossiers.verbs import set_appointment
from portaal.domain.files.models import StoredFile
from portaal.domain.files.sealing import IncomingFile
from portaal.domain.files.tasks import check
from portaal.domain.files.verbs import store_file
from portaal.domain.identity.models import User
from portaal.domain.messaging.models import Message
from portaal.domain.messaging.verbs import read, reply, save_canned_reply, send

PURCHASE, ESTATE = "2026.004521", "2026.004388"


class Text(TypedDict):
    """A message or canned reply."""

    subject: str
    body: str


STANDARD = ("standaard-afspraak", "standaard-ontvangen", "standaard-concept")


def load(paper: bytes) -> None:
    """Make canned replies and messages: with attachments (`paper`), to two parties, pending."""
    marieke, fatima, sanne, tamar = (
        User.objects.get(email_key=address)
        for address in (
            "marieke@lindehof.example.nl",
            "fatima@lindehof.example.nl",
            "sanne@example.nl",
            "tamar@example.nl",
        )
    )
    for name in STANDARD:
        text = _text(name)
        save_canned_reply(None, by=marieke, name=text["subject"], body=text["body"])
    purchase, estate = Dossier.objects.get(number=PURCHASE), Dossier.objects.get(number=ESTATE)
    at = timezone.localtime().replace(hour=14, minute=0, second=0, microsecond=0) + timedelta(
        days=16
    )
    set_appointment(purchase, by=marieke, at=at)
    buyers = list(purchase.parties.filter(role=Party.Role.BUYER))
    welcome = send(purchase, by=marieke, parties=buyers, as_office=True, **_text("welkom"))
    read(Message.objects.get(batch=welcome.batch, party=buyers[0]), by=sanne)
    asked = send(purchase, by=marieke, parties=buyers[:1], **_text("welke-stukken"))
    read(asked, by=sanne)
    copies = [
        _file(paper, name, purchase, sanne)
        for name in ("Kopie identiteitsbewijs.pdf", "Hypotheekofferte.pdf")
    ]
    read(reply(asked, by=sanne, files=copies, **_text("kopie-stukken")), by=marieke)
    send(purchase, by=marieke, parties=buyers[:1], **_text("sleutel"))
    send(estate, by=tamar, **_text("verklaring"))
    send(
        estate,
        by=fatima,
        parties=list(estate.parties.filter(role=Party.Role.EXECUTOR)),
        **_text("overlijdensakte"),
    )


def _text(name: str) -> Text:
    subject, body = (
        (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").split("\n\n", 1)
    )
    return {"subject": subject, "body": body.strip()}


def _file(content: bytes, name: str, dossier: Dossier, by: User) -> StoredFile:
    incoming = IncomingFile(name, settings.FILE_MAX_BYTES)
    incoming.write(content)
    file = store_file(incoming.finish(), by=by, vault=dossier.vault, dossier=dossier.pk)
    check.func(str(file.pk))
    return file
