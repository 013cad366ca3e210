"""Assurance of the login and channel of the act, on sessions and events."""

from __future__ import annotations

import pytest
from tests.faces.matrix import browser_of
from tests.people import PASSWORD, Cast
from tests.snapshot import restore_cast

from portaal.domain.identity.models import Assurance, Session
from portaal.domain.identity.verbs import block
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def test_session_has_its_assurance_from_login_on(cast: Cast) -> None:
    browser = browser_of(None)
    browser.post("/taal/", {"language": "en"})
    assert Session.objects.get().assurance == ""
    browser.post("/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD})
    assert Session.objects.get().assurance == Assurance.PASSWORD
    assert Event.objects.get(verb="identity.log_in").details["assurance"] == Assurance.PASSWORD


def test_event_of_a_page_has_channel_and_assurance(cast: Cast) -> None:
    browser = browser_of(None)
    browser.post("/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD})
    browser.post("/uitloggen/")
    event = Event.objects.latest("seq")
    assert (event.verb, event.channel) == ("identity.log_out", "page")
    assert event.assurance == Assurance.PASSWORD


def test_event_before_login_has_a_channel_only(cast: Cast) -> None:
    browser_of(None).post("/wachtwoord/", {"email": "sanne@example.nl"})
    event = Event.objects.latest("seq")
    assert (event.verb, event.channel) == ("identity.request_password_link", "page")
    assert event.assurance == ""


def test_event_of_the_portal_itself_has_neither(cast: Cast) -> None:
    block(cast.users["sanne"], by=SYSTEM)
    event = Event.objects.latest("seq")
    assert event.channel == ""
    assert event.assurance == ""


@pytest.mark.parametrize("field", ["channel", "assurance"])
def test_chain_covers_channel_and_assurance(cast: Cast, field: str) -> None:
    block(cast.users["sanne"], by=SYSTEM)
    event = Event.objects.latest("seq")
    setattr(event, field, "other")
    assert event.compute_mac() != event.mac
