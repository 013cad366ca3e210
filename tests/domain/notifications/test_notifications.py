"""E-mails: receivers, language, gathering of notices, and no content of a dossier."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends import locmem
from tests.clock import travel
from tests.people import Cast, publish_to
from tests.snapshot import restore_cast

from portaal.domain.clients import verbs as clients
from portaal.domain.clients.models import Membership
from portaal.domain.documents.holders import PublicationFile
from portaal.domain.documents.models import Publication
from portaal.domain.documents.verbs import withdraw
from portaal.domain.files.models import StoredFile
from portaal.domain.files.verbs import download
from portaal.domain.identity import verbs as identity
from portaal.domain.identity.models import LinkRequest, User
from portaal.domain.jobs.models import Job
from portaal.domain.jobs.worker import ATTEMPTS_MAX, LEASE, RETRY_AFTER, run_due
from portaal.domain.journal.actors import ANONYMOUS, SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.messaging.models import Message
from portaal.domain.messaging.verbs import read, send
from portaal.domain.notifications.models import Notice, Preference
from portaal.domain.notifications.tasks import RETRY_UNSCANNED
from portaal.domain.notifications.verbs import choose_notifications, save_preferences
from portaal.domain.office.models import Office

Mails = list[EmailMultiAlternatives]


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with travel("2026-11-23T09:00:00+00:00", tick=False) as travelled:
        yield travelled


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast without its own notices and jobs."""
    cast = restore_cast()
    Notice.objects.all().delete()
    Job.objects.all().delete()
    return cast


class Server:
    """A mail server that refuses connections while `is_down`, and stores the refused e-mails."""

    def __init__(self) -> None:
        self.is_down, self.refused = True, Mails()


@pytest.fixture
def server(monkeypatch: Any) -> Server:
    server, send = Server(), locmem.EmailBackend.send_messages

    def send_messages(backend: Any, messages: Mails) -> int:
        if server.is_down:
            server.refused += messages
            raise ConnectionRefusedError("no mail server")
        return send(backend, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", send_messages)
    return server


def publish(cast: Cast, *names: str, title: str = "Concept akte") -> Publication:
    return publish_to([cast.parties[name] for name in names], cast.users["marieke"], title=title)


def write(cast: Cast, *names: str) -> Message:
    parties = [cast.parties[name] for name in names]
    return send(
        parties[0].dossier,
        by=cast.users["marieke"],
        subject="Sleutel",
        body="Komt vrijdag u uit?",
        parties=parties,
    )


def receivers(mails: Mails) -> list[str]:
    return sorted(address for mail in mails for address in mail.to)


def text_of(mail: EmailMultiAlternatives) -> str:
    return "\n".join(
        [mail.subject, str(mail.body), *(str(content) for content, _ in mail.alternatives)]
    )


def test_publication_is_mailed_to_logins_that_see_it(cast: Cast, mailoutbox: Mails) -> None:
    publish(cast, "sanne")
    publish(cast, "anker")
    run_due()
    assert receivers(mailoutbox) == ["anker@example.nl", "granted@example.nl", "sanne@example.nl"]


def test_document_is_mailed_once_it_is_clean(
    cast: Cast, clock: time_machine.Coordinates, mailoutbox: Mails
) -> None:
    publication = publish(cast, "sanne")
    StoredFile.objects.filter(pk=publication.file_id).update(state=StoredFile.State.WAITING)
    for _ in range(3):
        run_due()
        clock.shift(RETRY_UNSCANNED)
    assert mailoutbox == []
    StoredFile.objects.filter(pk=publication.file_id).update(state=StoredFile.State.CLEAN)
    run_due()
    run_due()
    assert receivers(mailoutbox) == ["sanne@example.nl"]


def test_login_that_declined_emails_gets_none(cast: Cast, mailoutbox: Mails) -> None:
    sanne, emre = cast.users["sanne"], cast.users["emre"]
    choose_notifications(sanne, by=sanne, documents=False, questionnaires=True, messages=True)
    choose_notifications(emre, by=emre, documents=True, questionnaires=False, messages=False)
    publish(cast, "sanne", "emre")
    run_due()
    assert receivers(mailoutbox) == ["emre@example.nl"]


def test_unregistered_blocked_or_ended_login_gets_no_email(cast: Cast, mailoutbox: Mails) -> None:
    User.objects.filter(pk=cast.users["sanne"].pk).update(password_set_at=None)
    identity.block(cast.users["emre"], by=cast.users["ina"])
    Membership.objects.filter(user=cast.users["granted"]).update(ended_at="2026-01-01T00:00Z")
    publish(cast, "sanne", "emre")
    publish(cast, "anker")
    run_due()
    assert receivers(mailoutbox) == ["anker@example.nl"]


def test_five_publications_are_one_email(cast: Cast, mailoutbox: Mails) -> None:
    for number in range(5):
        publish(cast, "sanne", title=f"Stuk {number}")
    run_due()
    assert receivers(mailoutbox) == ["sanne@example.nl"]
    assert "5 nieuwe" in text_of(mailoutbox[0])


def test_office_message_is_mailed_to_willing_logins_without_content(
    cast: Cast, mailoutbox: Mails
) -> None:
    choose_notifications(
        cast.users["anker"],
        by=cast.users["anker"],
        documents=True,
        questionnaires=True,
        messages=False,
    )
    write(cast, "sanne", "emre")
    write(cast, "anker")
    run_due()
    assert receivers(mailoutbox) == ["emre@example.nl", "granted@example.nl", "sanne@example.nl"]
    assert {mail.subject for mail in mailoutbox} == {"Er staat een bericht voor u klaar"}
    assert [
        secret
        for secret in ("Sleutel", "Komt vrijdag u uit", "2026.1")
        if any(secret in text_of(mail) for mail in mailoutbox)
    ] == []


def test_client_message_sends_no_email(cast: Cast, mailoutbox: Mails) -> None:
    send(cast.dossiers["purchase"], by=cast.users["sanne"], subject="Vraag", body="Beste,")
    run_due()
    assert mailoutbox == []


def test_messages_and_documents_together_are_one_email(cast: Cast, mailoutbox: Mails) -> None:
    for _ in range(5):
        write(cast, "sanne")
    run_due()
    write(cast, "sanne")
    publish(cast, "sanne")
    run_due()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["sanne@example.nl"], "Er staan 5 berichten voor u klaar"),
        (["sanne@example.nl"], "Er staat iets nieuws voor u klaar"),
    ]
    assert "Er staan berichten en documenten voor u klaar" in text_of(mailoutbox[1])


def test_message_read_meanwhile_sends_no_email(cast: Cast, mailoutbox: Mails) -> None:
    read(write(cast, "sanne"), by=cast.users["sanne"])
    run_due()
    assert mailoutbox == []
    assert Notice.objects.filter(sent_at=None).count() == 0


def test_publication_read_or_withdrawn_meanwhile_sends_no_email(
    cast: Cast, mailoutbox: Mails
) -> None:
    sanne, marieke = cast.users["sanne"], cast.users["marieke"]
    withdraw(publish(cast, "sanne"), by=marieke)
    download(PublicationFile(publish(cast, "sanne")), by=sanne)
    run_due()
    assert mailoutbox == []
    assert Notice.objects.filter(sent_at=None).count() == 0
    withdraw(publish(cast, "sanne"), by=marieke)
    publish(cast, "sanne")
    run_due()
    assert "Er staat een nieuw document voor u klaar" in text_of(mailoutbox[0])


def test_email_is_sent_after_quiet_minutes(
    cast: Cast, mailoutbox: Mails, clock: time_machine.Coordinates, settings: Any
) -> None:
    settings.NOTICE_QUIET = timedelta(minutes=5)
    counts = []
    for _ in range(3):
        publish(cast, "sanne")
        clock.shift(timedelta(minutes=4))
        run_due()
        counts.append(len(mailoutbox))
    clock.shift(timedelta(minutes=1))
    run_due()
    clock.shift(timedelta(hours=1))
    run_due()
    assert counts == [0, 0, 0]
    assert len(mailoutbox) == 1
    assert Notice.objects.filter(sent_at=None).count() == 0


def test_news_after_email_sends_another(cast: Cast, mailoutbox: Mails) -> None:
    for _ in range(2):
        publish(cast, "sanne")
        run_due()
    assert len(mailoutbox) == 2


def test_news_is_mailed_after_earlier_email_was_given_up(
    cast: Cast, mailoutbox: Mails, server: Server, clock: time_machine.Coordinates
) -> None:
    publish(cast, "sanne")
    for wait in [*RETRY_AFTER, LEASE]:
        run_due()
        clock.shift(wait)
    assert Job.objects.get().state == "dead"
    assert len(server.refused) == ATTEMPTS_MAX
    server.is_down = False
    publish(cast, "sanne")
    run_due()
    assert receivers(mailoutbox) == ["sanne@example.nl"]


def test_news_is_mailed_after_login_was_unblocked(cast: Cast, mailoutbox: Mails) -> None:
    sanne, ina = cast.users["sanne"], cast.users["ina"]
    publish(cast, "sanne")
    identity.block(sanne, by=ina)
    run_due()
    identity.unblock(sanne, by=ina)
    publish(cast, "sanne")
    run_due()
    assert len(mailoutbox) == 1


def test_email_holds_nothing_of_dossier(cast: Cast, mailoutbox: Mails) -> None:
    publication = publish(cast, "sanne", title="Verdeling van de boot")
    dossier = publication.dossier
    run_due()
    text = text_of(mailoutbox[0])
    secrets = [
        publication.title,
        dossier.number,
        dossier.description,
        str(dossier.pk),
        str(publication.pk),
        "akte.pdf",
    ]
    assert [secret for secret in secrets if secret in text] == []


def test_preferences_are_kept_when_the_language_is_refused(cast: Cast) -> None:
    sanne = cast.users["sanne"]
    chosen = {"documents": False, "questionnaires": True, "messages": True}
    with pytest.raises(ValidationError):
        save_preferences(sanne, by=sanne, language="fr", **chosen)
    assert Preference.of(sanne).documents
    save_preferences(sanne, by=sanne, language="en", **chosen)
    assert not Preference.of(sanne).documents
    assert User.objects.get(pk=sanne.pk).language == "en"


def test_email_is_in_language_of_login(cast: Cast, mailoutbox: Mails) -> None:
    identity.choose_language(cast.users["emre"], by=cast.users["emre"], language="en")
    publish(cast, "sanne", "emre")
    run_due()
    subjects = {mail.to[0]: mail.subject for mail in mailoutbox}
    assert subjects["emre@example.nl"] == "There is something new for you"
    assert subjects["sanne@example.nl"] not in ("", "There is something new for you")


def test_first_login_sends_three_emails_in_order(cast: Cast, mailoutbox: Mails) -> None:
    marieke = cast.users["marieke"]
    client = clients.add_client(by=marieke, surname="Nieuw", email="nieuw@example.nl")
    membership = clients.add_login(client, by=marieke, language="en")
    clients.invite(membership, by=marieke)
    run_due()
    identity.request_password_link(by=ANONYMOUS, email="NIEUW@example.nl")
    run_due()
    link = re.search(r"/wachtwoord/([\w-]+)/", str(mailoutbox[1].body))
    assert link
    identity.set_password(link[1], "Appelboom9 in bloei", by=ANONYMOUS)
    run_due()
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["nieuw@example.nl"], "Your account for our client portal"),
        (["nieuw@example.nl"], "Set your password"),
        (["nieuw@example.nl"], "Your password has been set"),
    ]


def test_unknown_address_gets_no_email_and_is_deleted(cast: Cast, mailoutbox: Mails) -> None:
    identity.request_password_link(by=ANONYMOUS, email="nobody@example.nl")
    run_due()
    assert mailoutbox == []
    assert LinkRequest.objects.get().email == ""


def test_request_that_was_deleted_meanwhile_sends_no_email(cast: Cast, mailoutbox: Mails) -> None:
    identity.request_password_link(by=ANONYMOUS, email="sanne@example.nl")
    LinkRequest.objects.all().delete()
    run_due()
    assert mailoutbox == []
    assert Job.objects.get().state == Job.State.DONE


def test_token_is_in_no_job(cast: Cast, mailoutbox: Mails) -> None:
    identity.request_password_link(by=ANONYMOUS, email="sanne@example.nl")
    run_due()
    link = re.search(r"/wachtwoord/([\w-]+)/", str(mailoutbox[0].body))
    assert link
    assert [job for job in Job.objects.all() if link[1] in str(job.arguments) + job.error] == []


def test_refused_email_is_resent_with_same_message_id(
    cast: Cast, mailoutbox: Mails, server: Server, clock: time_machine.Coordinates
) -> None:
    publish(cast, "sanne")
    run_due()
    assert mailoutbox == []
    assert Job.objects.get().state == "ready"
    assert Notice.objects.get().sent_at is None
    server.is_down = False
    clock.shift(RETRY_AFTER[0])
    run_due()

    assert receivers(mailoutbox) == ["sanne@example.nl"]
    assert Job.objects.get().state == "done"
    assert (
        server.refused[0].extra_headers["Message-ID"] == mailoutbox[0].extra_headers["Message-ID"]
    )


def test_two_emails_have_different_message_ids(cast: Cast, mailoutbox: Mails) -> None:
    publish(cast, "sanne", "emre")
    run_due()
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 2


def test_preference_is_recorded_once_and_only_for_own_login(cast: Cast) -> None:
    sanne, before = cast.users["sanne"], Event.objects.count()
    for _ in range(2):
        choose_notifications(sanne, by=sanne, documents=False, questionnaires=True, messages=True)
    with pytest.raises(PermissionDenied):
        choose_notifications(
            sanne, by=cast.users["emre"], documents=True, questionnaires=True, messages=True
        )
    assert Event.objects.count() == before + 1


@pytest.mark.parametrize(
    ("language", "time"),
    [("nl", "Op 24 november 2026 om 19.06 uur"), ("en", "On 24 November 2026 at 19:06")],
)
def test_email_formats_time_in_its_language(
    cast: Cast, clock: time_machine.Coordinates, mailoutbox: Mails, language: str, time: str
) -> None:
    clock.move_to("2026-11-24T18:06Z")
    User.objects.filter(pk=cast.users["sanne"].pk).update(language=language)
    request = identity.request_password_link(by=ANONYMOUS, email="sanne@example.nl")
    answer = request and identity.issue_password_link(request, by=SYSTEM)
    assert answer
    identity.set_password(answer[2], "Appelboom9 in bloei", by=ANONYMOUS)
    run_due()
    mail = next(mail for mail in mailoutbox if time in str(mail.body))
    assert str(mail.alternatives[0][0]).count(time) == 1


@pytest.mark.parametrize(
    ("phone", "advice"),
    [("030 123 45 67", "Bel ons dan meteen: "), ("", "Laat het ons dan meteen weten.")],
)
def test_password_email_explains_how_to_report_misuse(
    cast: Cast, mailoutbox: Mails, phone: str, advice: str
) -> None:
    Office.objects.update(phone=phone)
    request = identity.request_password_link(by=ANONYMOUS, email="sanne@example.nl")
    answer = request and identity.issue_password_link(request, by=SYSTEM)
    assert answer
    identity.set_password(answer[2], "Appelboom9 in bloei", by=ANONYMOUS)
    run_due()
    mail = mailoutbox[-1]
    assert advice in str(mail.body)
    assert advice in str(mail.alternatives[0][0])
    assert ('href="tel:0301234567"' in str(mail.alternatives[0][0])) == bool(phone)


@pytest.mark.parametrize(("language", "link"), [("nl", "/welkom/"), ("en", "/welkom/?taal=en")])
def test_email_links_to_page_in_its_language(
    cast: Cast, mailoutbox: Mails, language: str, link: str
) -> None:
    client = clients.add_client(by=cast.users["marieke"], surname="Nieuw", email="nieuw@example.nl")
    clients.invite(
        clients.add_login(client, by=cast.users["marieke"], language=language),
        by=cast.users["marieke"],
    )
    run_due()
    html = str(mailoutbox[0].alternatives[0][0])
    assert str(mailoutbox[0].body).split().count(settings.BASE_URL + link) == 1
    assert f'{settings.BASE_URL}{link}"' in html
