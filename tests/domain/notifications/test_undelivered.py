"""Undelivered e-mails: listed for the office, retried, or removed from the list."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks.base import Task
from tests.faces.matrix import browser_of
from tests.people import Cast
from tests.snapshot import restore_cast

from portaal.domain.clients import verbs as clients
from portaal.domain.clients.events import INVITED
from portaal.domain.documents.events import PUBLISHED
from portaal.domain.identity import verbs as identity
from portaal.domain.identity.events import PASSWORD_LINK_REQUESTED
from portaal.domain.identity.models import LinkRequest
from portaal.domain.jobs.models import Job
from portaal.domain.jobs.worker import run_due
from portaal.domain.journal.actors import ANONYMOUS
from portaal.domain.journal.models import Event
from portaal.domain.journal.recording import event_recorded
from portaal.domain.journal.registry import EVENT_TYPES
from portaal.domain.notifications import tasks, verbs
from portaal.domain.notifications.undelivered import MAILS, count, undelivered


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast with one dead job, an e-mail to Emre, and no pending ones."""
    cast = restore_cast()
    Job.objects.exclude(state=Job.State.DEAD).delete()
    return cast


def give_up(task: str) -> None:
    changed = Job.objects.filter(task__endswith=task).update(
        state=Job.State.DEAD, finished_at=timezone.now(), error="no"
    )
    assert changed


def test_undelivered_email_has_receiver_and_error(cast: Cast) -> None:
    [mail] = undelivered(cast.users["ina"])
    assert mail.membership is not None
    assert mail.mail == PUBLISHED.mail
    assert mail.user == cast.users["emre"]
    assert mail.membership.client == cast.clients["emre"]
    assert mail.error == "SMTPRecipientsRefused: no such mailbox"


def test_failed_job_without_email_is_not_listed(cast: Cast) -> None:
    Job.objects.create(
        task="portaal.domain.files.tasks.check", due=timezone.now(), state=Job.State.DEAD
    )
    assert len(undelivered(cast.users["ina"])) == 1
    assert count() == 1


def test_each_kind_of_undelivered_email_has_its_receiver(cast: Cast) -> None:
    sanne, ties = cast.users["sanne"], cast.users["ties"]
    clients.invite(sanne.memberships.get(), by=cast.users["ina"])
    identity.request_password_link(by=ANONYMOUS, email="TIES@example.nl", network="192.0.2.0/24")
    give_up("send_invitation")
    give_up("send_password_link")
    receivers = {mail.mail: mail.user for mail in undelivered(cast.users["ina"])}
    assert receivers == {
        PUBLISHED.mail: cast.users["emre"],
        INVITED.mail: sanne,
        PASSWORD_LINK_REQUESTED.mail: ties,
    }


def test_password_link_with_deleted_address_has_no_receiver(cast: Cast) -> None:
    identity.request_password_link(by=ANONYMOUS, email="ties@example.nl", network="192.0.2.0/24")
    give_up("send_password_link")
    LinkRequest.objects.update(email="")
    mails = undelivered(cast.users["ina"])
    assert [mail.user for mail in mails if mail.mail == PASSWORD_LINK_REQUESTED.mail] == [None]


def test_event_with_an_email_is_answered_and_its_email_is_listed() -> None:
    with_mail = {name for name, declared in EVENT_TYPES.items() if declared.mail}
    received = {name for name, each in EVENT_TYPES.items() if event_recorded.has_listeners(each)}
    assert with_mail == received
    assert with_mail == {declared.name for about in MAILS.values() for declared in about}


def test_email_has_one_name_for_all_its_events() -> None:
    assert [path for path, about in MAILS.items() if len({each.mail for each in about}) > 1] == []


def test_each_task_that_sends_email_is_listed() -> None:
    assert {each.module_path for each in vars(tasks).values() if isinstance(each, Task)} == set(
        MAILS
    )


def test_retrying_twice_sends_one_email_and_records_one_event(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    job = Job.objects.get()
    assert [verbs.send_again(job, by=cast.users["joost"]) for _ in range(2)] == [True, False]
    run_due()
    assert [mail.to for mail in mailoutbox] == [["emre@example.nl"]]
    assert undelivered(cast.users["ina"]) == []
    assert Event.objects.filter(verb="notifications.send_again").count() == 1


def test_dropped_email_is_not_sent(cast: Cast, mailoutbox: list[Any]) -> None:
    job = Job.objects.get()
    assert [verbs.drop(job, by=cast.users["ina"]) for _ in range(2)] == [True, False]
    assert not verbs.send_again(job, by=cast.users["ina"])
    run_due()
    assert mailoutbox == []
    assert undelivered(cast.users["ina"]) == []


@pytest.mark.parametrize("act", [verbs.send_again, verbs.drop])
def test_client_cannot_retry_or_drop_emails(cast: Cast, act: Any) -> None:
    with pytest.raises(PermissionDenied):
        act(Job.objects.get(), by=cast.users["sanne"])
    assert undelivered(cast.users["sanne"]) == []
    assert len(undelivered(cast.users["ina"])) == 1


def test_undelivered_page_names_client_at_constant_cost(cast: Cast) -> None:
    browser, path, costs = browser_of(cast.users["joost"]), reverse("office:undelivered"), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(path)
        costs.append(len(captured))
        Job.objects.bulk_create(
            Job(
                task=job.task,
                arguments=job.arguments,
                state=job.state,
                due=job.due,
                finished_at=job.finished_at,
            )
            for job in Job.objects.all()
            for _ in range(20)
        )
    assert "Emre Test" in answer.content.decode()
    assert costs[0] == costs[1]
