"""Mail goes out through a real SMTP server: away, back, refusing for now, refusing for good."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from tests.again import cast_again
from tests.people import Cast, publish_to

from portaal.domain.jobs.models import Job
from portaal.domain.jobs.worker import ATTEMPTS_MAX, RETRY_AFTER, run_due
from portaal.domain.notifications.undelivered import undelivered


class Post:
    """What the server keeps; `says` is its answer to a whole e-mail."""

    def __init__(self) -> None:
        self.says, self.kept = "250 OK", list[Any]()
        self.tried: list[str] = []
        self.knows = "250 OK"  # its answer to a receiver

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.knows.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.knows

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content)
        self.tried.append(message["Message-ID"])
        if self.says.startswith("2"):
            self.kept.append((envelope.rcpt_tos, message))
        return self.says


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def server(post: Post, settings: Any) -> Iterator[Controller]:
    """An SMTP server that is away until it is started."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    controller = Controller(post, hostname="127.0.0.1", port=port)
    yield controller
    if controller.server:
        controller.stop()


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-11-23T09:00:00+00:00", tick=True) as travelled:
        yield travelled


@pytest.fixture
def cast(db: None) -> Cast:
    made = cast_again()
    Job.objects.all().delete()
    return made


def tell(cast: Cast) -> None:
    """One publication, so one e-mail: to Sanne."""
    publish_to([cast.parties["sanne"]], cast.users["marieke"])


def test_what_could_not_go_out_goes_when_the_server_is_back(
    cast: Cast, post: Post, server: Controller, clock: time_machine.Coordinates
) -> None:
    tell(cast)  # the act itself does not ask the server
    run_due()
    job = Job.objects.get()
    assert (job.state, job.attempts, "ConnectionRefusedError" in job.error) == (
        Job.State.READY,
        1,
        True,
    )
    server.start()
    run_due()
    assert post.kept == []  # not yet due again
    clock.shift(RETRY_AFTER[0])
    run_due()
    [(receivers, message)] = post.kept
    assert (receivers, message.get_content_type()) == (
        ["sanne@example.nl"],
        "multipart/alternative",
    )
    assert "Concept akte" not in message.as_string()
    assert Job.objects.get().state == Job.State.DONE


def test_a_repeat_after_a_passing_refusal_is_the_same_e_mail(
    cast: Cast, post: Post, server: Controller, clock: time_machine.Coordinates
) -> None:
    server.start()
    post.says = "451 try again later"
    tell(cast)
    run_due()
    post.says = "250 OK"
    clock.shift(RETRY_AFTER[0])
    run_due()
    assert len(post.kept) == 1
    assert len(post.tried) == 2
    assert len(set(post.tried)) == 1


def test_a_lasting_refusal_is_given_up_in_the_open(
    cast: Cast, post: Post, server: Controller, clock: time_machine.Coordinates
) -> None:
    server.start()
    post.says = "550 no such mailbox"
    tell(cast)
    for wait in [*RETRY_AFTER, RETRY_AFTER[-1]]:
        run_due()
        clock.shift(wait)
    assert len(post.tried) == ATTEMPTS_MAX
    [mail] = undelivered(cast.users["ina"])
    assert (mail.user, "no such mailbox" in mail.error) == (cast.users["sanne"], True)


@pytest.mark.parametrize(
    ("knows", "is_told"), [("550 no such mailbox", True), ("450 mailbox busy", False)]
)
def test_an_address_that_does_not_exist_is_told_to_the_office_at_once(
    cast: Cast, post: Post, server: Controller, knows: str, is_told: bool
) -> None:
    server.start()
    post.knows = knows
    tell(cast)
    run_due()
    assert bool(undelivered(cast.users["ina"])) == is_told
    assert Job.objects.get().attempts == 1
