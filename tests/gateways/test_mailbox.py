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


def test_an_email_is_kept_as_its_receiver_gets_it() -> None:
    send()
    (found,) = mailbox.messages()
    assert {name: found[name] for name in ("kind", "to", "from", "subject", "text", "html")} == {
        "kind": "email",
        "to": "s.deboer@example.nl",
        "from": "Lindehof <p@example.nl>",
        "subject": "Stel uw wachtwoord in",
        "text": "Klik.",
        "html": "<p>Klik.</p>",
    }


def test_the_newest_email_comes_first() -> None:
    for subject in ("een", "twee", "drie"):
        send(subject)
    assert [found["subject"] for found in mailbox.messages()] == ["drie", "twee", "een"]


def test_only_the_portal_itself_reads_the_files(folder: Path) -> None:
    send()
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_a_mailbox_that_nobody_wrote_to_is_empty() -> None:
    assert list(mailbox.messages()) == []


@pytest.mark.parametrize(
    "name", ["../keys", "..", "", "20261123T091200000000Z-0123456x", "x" * 300]
)
def test_a_name_that_is_no_id_finds_nothing(name: str) -> None:
    assert mailbox.message(name) is None
