"""A message shows if its reply is a draft, sent, or neither."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.people import Cast
from tests.snapshot import restore_cast

from portaal.domain.dossiers.models import Access, Party
from portaal.domain.drafts import store
from portaal.domain.messaging import drafts
from portaal.domain.messaging.drafts import DraftContent
from portaal.domain.messaging.models import Message
from portaal.domain.messaging.verbs import read, reply, send
from portaal.ui.functions import icon

from .matrix import browser_of

BEGUN = "Uw antwoord is nog niet verstuurd"
BEGUN_ANEW = "U bent een nieuw bericht begonnen dat nog niet is verstuurd."
ANSWERED = "U hebt dit bericht beantwoord:"


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


@pytest.fixture
def question(cast: Cast) -> Message:
    dossier, by = cast.dossiers["purchase"], cast.users["marieke"]
    return send(
        dossier,
        by=by,
        parties=[cast.parties["sanne"]],
        subject="Paspoort",
        body="Stuurt u een foto?",
    )


def said(browser: Client, question: Message) -> list[str]:
    """Return the state of the reply on the page of the message, and in the list."""
    addresses = [
        reverse("client:message", args=[question.pk]),
        reverse("client:dossier_tab", args=[question.dossier_id, "berichten"]),
    ]
    pages = [browser.get(address).content.decode() for address in addresses]
    return [words for page in pages for words in (BEGUN, BEGUN_ANEW, ANSWERED) if words in page]


def test_draft_reply_is_not_shown_as_sent(cast: Cast, question: Message):
    sanne, browser = cast.users["sanne"], browser_of(cast.users["sanne"])
    found = [said(browser, question)]
    drafts.save(
        sanne, question.dossier, uuid4(), DraftContent("RE: Paspoort", "Hierbij"), reply_to=question
    )
    found.append(said(browser, question))
    store.delete(sanne, drafts.find(sanne, question.dossier, question).pk)
    reply(question, by=sanne, subject="RE: Paspoort", body="Hierbij.", files=[])
    found.append(said(browser, question))
    assert found == [[], [BEGUN, BEGUN], [ANSWERED]]


def test_draft_of_new_message_is_shown_in_list(cast: Cast, question: Message):
    drafts.save(cast.users["sanne"], question.dossier, uuid4(), DraftContent("Vraag", "Mag ik"))
    assert said(browser_of(cast.users["sanne"]), question) == [BEGUN_ANEW]


def test_nobody_sees_draft_of_another_user(cast: Cast, question: Message):
    drafts.save(cast.users["emre"], question.dossier, uuid4(), DraftContent("Vraag", "Mag ik"))
    drafts.save(
        cast.users["marieke"],
        question.dossier,
        uuid4(),
        DraftContent("RE: Paspoort", "Dank u"),
        reply_to=question,
    )
    assert said(browser_of(cast.users["sanne"]), question) == []


@pytest.mark.parametrize("route", ["client:message_new", "client:reply"])
def test_party_that_reads_along_gets_no_form(cast: Cast, question: Message, route: str):
    browser = browser_of(cast.users["sanne"])
    address = reverse(route, args=[question.dossier_id if "new" in route else question.pk])
    assert browser.get(address).status_code == 200
    Party.objects.filter(pk=cast.parties["sanne"].pk).update(access=Access.READ)
    assert browser.get(address).status_code == 403


def test_office_sees_tick_only_on_read_message(question: Message):
    path, office = reverse("office:message", args=[question.pk]), browser_of(question.sender)
    ticks = [icon(name) for name in ("check", "check-check")]
    found = []
    for _ in ("before", "after"):
        page = office.get(path).content.decode()
        found.append(("Nog niet gelezen" in page, any(tick in page for tick in ticks)))
        read(question, by=question.party.client.memberships.get().user)
    assert found == [(True, False), (False, True)]
