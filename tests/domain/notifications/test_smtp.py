"""E-mail through a real SMTP server: down, up again, temporary and permanent refusals."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from tests.clock import travel
from tests.people import Cast, publish_to
from tests.snapshot import restore_cast

from portaal.domain.jobs.models import Job
from portaal.domain.jobs.worker import ATTEMPTS_MAX, RETRY_AFTER, run_due
from portaal.domain.notifications.undelivered import undelivered


class Mailbox:
    """The e-mails that the SMTP server accepts, and its replies."""

    def __init__(self) -> None:
        self.reply_to_data = "250 OK"
        self.reply_to_receiver = "250 OK"
        self.accepted: list[Any] = []  # (receivers, message) of each e-mail
        self.attempts: list[str] = []  # the Message-ID of each e-mail, also of refused ones

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.reply_to_receiver.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.reply_to_receiver

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content)
        self.attempts.append(message["Message-ID"])
        if self.reply_to_data.startswith("2"):
            self.accepted.append((envelope.rcpt_tos, message))
        return self.reply_to_data


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox, settings: Any) -> Iterator[Controller]:
    """Yield an SMTP server that is not started yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    yield controller
    if controller.server:
        controller.stop()


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with travel("2026-11-23T09:00:00+00:00", tick=True) as travelled:
        yield travelled


@pytest.fixture
def cast(db: None) -> Cast:
    cast = restore_cast()
    Job.objects.all().delete()
    return cast


def publish(cast: Cast) -> None:
    """Publish one document, which sends one e-mail to Sanne."""
    publish_to([cast.parties["sanne"]], cast.users["marieke"])


def test_email_is_sent_when_server_is_back(
    cast: Cast, mailbox: Mailbox, server: Controller, clock: time_machine.Coordinates
) -> None:
    publish(cast)  # publishing does not depend on the server
    run_due()
    job = Job.objects.get()
    assert job.state == Job.State.READY
    assert job.attempts == 1
    assert "ConnectionRefusedError" in job.error
    server.start()
    run_due()
    assert mailbox.accepted == []  # the retry is not due yet
    clock.shift(RETRY_AFTER[0])
    run_due()
    [(receivers, message)] = mailbox.accepted
    assert receivers == ["sanne@example.nl"]
    assert message.get_content_type() == "multipart/alternative"
    assert "Concept akte" not in message.as_string()
    assert Job.objects.get().state == Job.State.DONE


def test_retry_after_temporary_refusal_has_same_message_id(
    cast: Cast, mailbox: Mailbox, server: Controller, clock: time_machine.Coordinates
) -> None:
    server.start()
    mailbox.reply_to_data = "451 try again later"
    publish(cast)
    run_due()
    mailbox.reply_to_data = "250 OK"
    clock.shift(RETRY_AFTER[0])
    run_due()
    assert len(mailbox.accepted) == 1
    assert len(mailbox.attempts) == 2
    assert len(set(mailbox.attempts)) == 1


def test_permanently_refused_email_is_listed_as_undelivered(
    cast: Cast, mailbox: Mailbox, server: Controller, clock: time_machine.Coordinates
) -> None:
    server.start()
    mailbox.reply_to_data = "550 no such mailbox"
    publish(cast)
    for wait in [*RETRY_AFTER, RETRY_AFTER[-1]]:
        run_due()
        clock.shift(wait)
    assert len(mailbox.attempts) == ATTEMPTS_MAX
    [mail] = undelivered(cast.users["ina"])
    assert mail.user == cast.users["sanne"]
    assert "no such mailbox" in mail.error


@pytest.mark.parametrize(
    ("reply", "is_listed"), [("550 no such mailbox", True), ("450 mailbox busy", False)]
)
def test_unknown_mailbox_is_listed_at_first_attempt(
    cast: Cast, mailbox: Mailbox, server: Controller, reply: str, is_listed: bool
) -> None:
    server.start()
    mailbox.reply_to_receiver = reply
    publish(cast)
    run_due()
    assert bool(undelivered(cast.users["ina"])) == is_listed
    assert Job.objects.get().attempts == 1
