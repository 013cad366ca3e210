import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives

from portaal.gateways import mailbox


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MAILBOX_DIR = tmp_path / "postvak"
    return tmp_path / "postvak"


def send(subject: str = "Stel uw wachtwoord in") -> None:
    message = EmailMultiAlternatives(
        subject, "Klik.", "Lindehof <p@example.nl>", ["s.deboer@example.nl"]
    )
    message.attach_alternative("<p>Klik.</p>", "text/html")
    mailbox.MailboxBackend().send_messages([message])


def test_delivered_email_has_the_fields_of_the_message() -> None:
    send()
    (message,) = mailbox.messages()
    assert {name: message[name] for name in ("kind", "to", "from", "subject", "text", "html")} == {
        "kind": "email",
        "to": "s.deboer@example.nl",
        "from": "Lindehof <p@example.nl>",
        "subject": "Stel uw wachtwoord in",
        "text": "Klik.",
        "html": "<p>Klik.</p>",
    }


def test_newest_email_is_first() -> None:
    for subject in ("een", "twee", "drie"):
        send(subject)
    assert [message["subject"] for message in mailbox.messages()] == ["drie", "twee", "een"]


def test_only_the_owner_can_read_a_delivered_email(folder: Path) -> None:
    send()
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_new_mailbox_is_empty() -> None:
    assert list(mailbox.messages()) == []


@pytest.mark.parametrize(
    "message_id", ["../keys", "..", "", "20261123T091200000000Z-0123456x", "x" * 300]
)
def test_invalid_id_gives_no_message(message_id: str) -> None:
    assert mailbox.message(message_id) is None
