"""Form data posted after the session ended is kept until the next login."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from tests.faces.matrix import browser_of
from tests.people import PASSWORD, Cast, make_cast

from portaal.domain.clients.models import Client
from portaal.domain.drafts import pages, store
from portaal.domain.drafts.models import PAGE_MAX, Draft
from portaal.domain.identity.models import Session

NEW = "/kantoor/clienten/nieuw/"
TYPED = {
    "kind": "person",
    "surname": "Halverwege",
    "email": "",
    "salutation": "",
    "language": "nl",
}  # 'invite' unticked
FORM = "application/x-www-form-urlencoded"
TOO_LATE = settings.SESSION_IDLE + timedelta(minutes=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-11-23T09:00:00+00:00", tick=False) as travelled:
        yield travelled


@pytest.fixture
def cast(db: None, clock: Any) -> Cast:
    return make_cast()


def hand_in(browser: Browser, **typed: str) -> Any:
    said = urlencode(TYPED | typed)
    return browser.post(
        NEW, said, headers={"Referer": f"http://testserver{NEW}"}, content_type=FORM
    )


def log_in(browser: Browser, name: str, next_page: str = NEW) -> Any:
    said = {"email": f"{name}@kantoor.example.nl", "password": PASSWORD, "next": next_page}
    return browser.post(reverse("office:login"), said)


def halfway(cast: Cast, clock: time_machine.Coordinates, **typed: str) -> Browser:
    """Return Marieke's browser, after a post that followed the end of the session."""
    browser = browser_of(cast.users["marieke"])
    browser.get(NEW)
    clock.shift(TOO_LATE)
    answer = hand_in(browser, **typed)
    assert (
        answer.headers["Location"]
        == f"{reverse('office:login')}?next=%2Fkantoor%2Fclienten%2Fnieuw%2F"
    )
    return browser


def test_form_data_is_back_after_login_and_nothing_was_done(
    cast: Cast, clock: time_machine.Coordinates
):
    browser = halfway(cast, clock)
    assert not Client.objects.filter(surname="Halverwege").exists()
    assert log_in(browser, "marieke").headers["Location"] == NEW
    page = browser.get(NEW)
    form = page.context["form"]
    assert form["surname"].value() == "Halverwege"
    assert not form["invite"].value()
    assert form.errors == {}
    assert "Wat u had getypt, staat er nog" in page.content.decode()
    hand_in(browser)
    assert Client.objects.filter(surname="Halverwege").count() == 1
    assert browser.get(NEW).context["form"]["surname"].value() is None
    assert not Draft.objects.exists()


def test_next_user_of_browser_sees_no_form_data(cast: Cast, clock: time_machine.Coordinates):
    browser = halfway(cast, clock)
    log_in(browser, "joost")
    assert "Halverwege" not in browser.get(NEW).content.decode()


def test_form_data_is_encrypted_for_user_and_page(cast: Cast, clock: time_machine.Coordinates):
    halfway(cast, clock)
    kept, marieke = Draft.objects.get(), cast.users["marieke"]
    assert b"Halverwege" not in bytes(kept.sealed)
    assert pages.find(marieke, NEW)["surname"] == ["Halverwege"]
    Draft.objects.update(user=cast.users["joost"])
    assert pages.find(cast.users["joost"], NEW) == {}


def test_password_and_token_are_never_kept(cast: Cast, clock: time_machine.Coordinates):
    halfway(cast, clock, password=PASSWORD, csrfmiddlewaretoken="x", submission="y")
    assert pages.find(cast.users["marieke"], NEW).keys() == TYPED.keys()


def test_form_data_expires_after_a_day(cast: Cast, clock: time_machine.Coordinates):
    browser = halfway(cast, clock)
    clock.shift(pages.LIFETIME)
    log_in(browser, "marieke")
    assert browser.get(NEW).context["form"]["surname"].value() is None
    store.delete_expired()
    assert not Draft.objects.exists()


def test_oversized_form_data_is_not_kept(cast: Cast):
    assert not pages.save(cast.users["marieke"], NEW, {"surname": ["x" * pages.BYTES_MAX]})
    assert not pages.save(cast.users["marieke"], "/" + "x" * PAGE_MAX, {"surname": ["x"]})


@pytest.mark.parametrize(
    "referer", ["", "https://elsewhere.example.nl/kantoor/clienten/nieuw/", "x"]
)
def test_form_without_known_page_is_not_kept(
    cast: Cast, clock: time_machine.Coordinates, referer: str
):
    browser = browser_of(cast.users["marieke"])
    clock.shift(TOO_LATE)
    answer = browser.post(NEW, urlencode(TYPED), headers={"Referer": referer}, content_type=FORM)
    assert answer.headers["Location"] == reverse("office:login")
    assert not Draft.objects.exists()


def test_asking_time_left_does_not_extend_session(cast: Cast, clock: time_machine.Coordinates):
    browser, path = browser_of(cast.users["sanne"]), reverse("client:session")
    clock.shift(timedelta(minutes=20))
    assert [browser.get(path).json() for _ in range(2)] == [{"seconds": 600}, {"seconds": 600}]
    assert browser.post(path).json() == {"seconds": 1800}
    clock.shift(TOO_LATE)
    assert browser.get(path).json() == {"seconds": 0}


def test_active_session_ends_after_its_absolute_lifetime(
    cast: Cast, clock: time_machine.Coordinates
):
    browser, path = browser_of(cast.users["sanne"]), reverse("client:session")
    whole = settings.SESSION_ABSOLUTE["client"]
    for _ in range(int(whole / timedelta(minutes=20)) - 1):
        clock.shift(timedelta(minutes=20))
        browser.post(path)
    assert browser.post(path).json() == {"seconds": 1200}


def test_ending_session_keeps_form_data(cast: Cast, clock: time_machine.Coordinates):
    browser, path = browser_of(cast.users["marieke"]), reverse("office:session")
    assert browser.post(path, TYPED | {"act": "end", "page": NEW}).json() == {"seconds": 0}
    assert not Session.objects.filter(user=cast.users["marieke"]).exists()
    log_in(browser, "marieke")
    assert browser.get(NEW).context["form"]["surname"].value() == "Halverwege"
