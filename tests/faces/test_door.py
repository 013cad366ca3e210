"""The door: who chose a language there meets it inside, and who went out is told so."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.people import PASSWORD, Cast
from tests.snapshot import restore_cast

from portaal.domain.accounts import verbs
from portaal.domain.accounts.models import LinkRequest, Session, User
from portaal.domain.journal.actors import SYSTEM

from .matrix import browser_of


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def choose(browser: Client, language: str) -> None:
    browser.post("/taal/", {"language": language})


def language_of(user: User) -> str:
    return User.objects.get(pk=user.pk).language


def come_in(browser: Client, user: User) -> str:
    """By the link of the second e-mail; returns the page where the first visit begins."""
    issued = verbs.issue_password_link(LinkRequest.objects.create(email=user.email), by=SYSTEM)
    assert issued
    browser.get(f"/wachtwoord/{issued[2]}/")
    return browser.post("/wachtwoord/instellen/", {"password": "Lindebloesem7"}).headers["Location"]


@pytest.mark.parametrize(
    ("chosen", "met"), [(["en"], "en"), (["en", "nl"], "nl"), ([], "nl"), (["fr"], "nl")]
)
def test_who_chooses_a_language_and_logs_in_keeps_it(cast: Cast, chosen: list[str], met: str):
    browser = browser_of(None)
    for language in chosen:
        choose(browser, language)
    browser.post("/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD})
    assert (language_of(cast.users["sanne"]), browser.get("/").headers["Content-Language"]) == (
        met,
        met,
    )


@pytest.mark.parametrize(("chosen", "met"), [([], "en"), (["nl"], "nl"), (["nl", "en"], "en")])
def test_who_chose_a_language_inside_before_keeps_it_until_choosing_another_at_the_door(
    cast: Cast, chosen: list[str], met: str
):
    User.objects.filter(pk=cast.users["sanne"].pk).update(language="en")
    browser = browser_of(None)
    for language in chosen:
        choose(browser, language)
    browser.post("/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD})
    assert (language_of(cast.users["sanne"]), browser.get("/").headers["Content-Language"]) == (
        met,
        met,
    )


def test_what_the_one_before_chose_inside_is_not_taken_for_the_next_ones_choice(cast: Cast):
    browser = browser_of(None)
    browser.post("/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD})
    choose(browser, "en")
    browser.post("/uitloggen/")
    browser.post("/inloggen/", {"email": "emre@example.nl", "password": PASSWORD})
    assert [language_of(cast.users[name]) for name in ("sanne", "emre")] == ["en", "nl"]


def test_who_comes_in_for_the_first_time_keeps_the_language_of_the_door(cast: Cast):
    browser = browser_of(None)
    choose(browser, "en")
    assert (come_in(browser, cast.users["sanne"]), language_of(cast.users["sanne"])) == (
        "/mijn-gegevens/",
        "en",
    )


def test_who_comes_in_for_the_first_time_and_chose_nothing_keeps_what_the_office_chose(cast: Cast):
    User.objects.filter(pk=cast.users["sanne"].pk).update(language="en")
    page = come_in(browser_of(None), cast.users["sanne"])
    assert (page, language_of(cast.users["sanne"])) == ("/mijn-gegevens/", "en")


@pytest.mark.parametrize(("asked", "met"), [("en", "en"), ("nl", "nl"), ("fr", "nl"), ("", "nl")])
def test_who_follows_an_email_meets_its_language_and_keeps_it_at_the_door(
    cast: Cast, asked: str, met: str
):
    browser = browser_of(None)
    pages = [browser.get(f"/welkom/?taal={asked}"), browser.get("/wachtwoord/verstuurd/")]
    assert [page.headers["Content-Language"] for page in pages] == [met, met]


def test_the_language_of_an_email_changes_nothing_for_who_is_in(cast: Cast):
    browser = browser_of(cast.users["sanne"])
    assert browser.get("/?taal=en").headers["Content-Language"] == "nl"
    browser.post("/uitloggen/")
    assert (
        browser.get("/inloggen/").headers["Content-Language"],
        language_of(cast.users["sanne"]),
    ) == ("nl", "nl")


def test_who_chooses_another_language_than_that_of_the_email_meets_it(cast: Cast):
    browser = browser_of(None)
    browser.get("/welkom/?taal=en")
    choose(browser, "nl")
    assert browser.get("/welkom/?taal=en").headers["Content-Language"] == "nl"


@pytest.mark.parametrize(("who", "door"), [("sanne", "/"), ("marieke", "/kantoor/")])
def test_who_logs_out_is_told_so_and_nothing_is_kept_for_it(cast: Cast, who: str, door: str):
    browser = browser_of(cast.users[who])
    way = browser.post(f"{door}uitloggen/").headers["Location"]
    page = browser.get(way)
    assert (way, "U bent uitgelogd." in page.content.decode()) == (
        f"{door}inloggen/?uitgelogd",
        True,
    )
    assert not Session.objects.exists()


@pytest.mark.parametrize("door", ["/inloggen/", "/kantoor/inloggen/"])
def test_the_mark_of_logging_out_says_no_words_of_its_own(cast: Cast, door: str):
    page = browser_of(None).get(f"{door}?uitgelogd=Bel+0900").content.decode()
    assert "Bel 0900" not in re.sub(r'value="[^"]*"', "", page)
    for quiet in (browser_of(None).get(door), browser_of(None).post(f"{door}?uitgelogd", {})):
        assert "U bent uitgelogd." not in quiet.content.decode()
