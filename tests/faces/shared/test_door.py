"""Logging in: answers, redirects, cookies and language; the notice after logging out."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.faces.matrix import browser_of
from tests.people import PASSWORD, Cast
from tests.snapshot import restore_cast

from portaal.domain.identity import verbs
from portaal.domain.identity.models import LinkRequest, Session, User
from portaal.domain.journal.actors import SYSTEM

ELSEWHERE = [
    "https://evil.example.org/",
    "//evil.example.org/",
    "///evil.example.org",
    "/\\evil.example.org",
    "\\\\evil.example.org",
    "http:evil.example.org",
    "javascript:alert(1)",
    "data:text/html,x",
    "\r\nLocation: x",
    "/\t/evil.example.org",
    "https:/\\evil.example.org",
    "//evil.example.org@localhost/",
    "evil.example.org",
    "?next=//evil.example.org",
]


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def choose(browser: Client, language: str) -> None:
    browser.post("/taal/", {"language": language})


def language_of(user: User) -> str:
    return User.objects.get(pk=user.pk).language


def come_in(browser: Client, user: User) -> str:
    """Set a password by the link of the second e-mail; return the page after it."""
    issued = verbs.issue_password_link(LinkRequest.objects.create(email=user.email), by=SYSTEM)
    assert issued
    browser.get(f"/wachtwoord/{issued[2]}/")
    return browser.post("/wachtwoord/instellen/", {"password": "Lindebloesem7"}).headers["Location"]


@pytest.mark.parametrize(
    ("chosen", "met"), [(["en"], "en"), (["en", "nl"], "nl"), ([], "nl"), (["fr"], "nl")]
)
def test_language_chosen_on_login_page_is_saved_at_login(cast: Cast, chosen: list[str], met: str):
    browser = browser_of(None)
    for language in chosen:
        choose(browser, language)
    browser.post("/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD})
    assert language_of(cast.users["sanne"]) == met
    assert browser.get("/").headers["Content-Language"] == met


@pytest.mark.parametrize(("chosen", "met"), [([], "en"), (["nl"], "nl"), (["nl", "en"], "en")])
def test_saved_language_wins_until_another_is_chosen_on_login_page(
    cast: Cast, chosen: list[str], met: str
):
    User.objects.filter(pk=cast.users["sanne"].pk).update(language="en")
    browser = browser_of(None)
    for language in chosen:
        choose(browser, language)
    browser.post("/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD})
    assert language_of(cast.users["sanne"]) == met
    assert browser.get("/").headers["Content-Language"] == met


def test_language_of_previous_user_is_not_saved_for_the_next(cast: Cast):
    browser = browser_of(None)
    browser.post("/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD})
    choose(browser, "en")
    browser.post("/uitloggen/")
    browser.post("/inloggen/", {"email": "emre@example.nl", "password": PASSWORD})
    assert [language_of(cast.users[name]) for name in ("sanne", "emre")] == ["en", "nl"]


def test_first_visit_saves_language_of_login_page(cast: Cast):
    browser = browser_of(None)
    choose(browser, "en")
    assert come_in(browser, cast.users["sanne"]) == "/mijn-gegevens/"
    assert language_of(cast.users["sanne"]) == "en"


def test_first_visit_without_choice_keeps_language_set_by_office(cast: Cast):
    User.objects.filter(pk=cast.users["sanne"].pk).update(language="en")
    page = come_in(browser_of(None), cast.users["sanne"])
    assert page == "/mijn-gegevens/"
    assert language_of(cast.users["sanne"]) == "en"


@pytest.mark.parametrize(("asked", "met"), [("en", "en"), ("nl", "nl"), ("fr", "nl"), ("", "nl")])
def test_link_in_email_sets_language_before_login(cast: Cast, asked: str, met: str):
    browser = browser_of(None)
    pages = [browser.get(f"/welkom/?taal={asked}"), browser.get("/wachtwoord/verstuurd/")]
    assert [page.headers["Content-Language"] for page in pages] == [met, met]


def test_link_in_email_keeps_language_of_logged_in_user(cast: Cast):
    browser = browser_of(cast.users["sanne"])
    assert browser.get("/?taal=en").headers["Content-Language"] == "nl"
    browser.post("/uitloggen/")
    assert browser.get("/inloggen/").headers["Content-Language"] == "nl"
    assert language_of(cast.users["sanne"]) == "nl"


def test_chosen_language_wins_over_link_in_email(cast: Cast):
    browser = browser_of(None)
    browser.get("/welkom/?taal=en")
    choose(browser, "nl")
    assert browser.get("/welkom/?taal=en").headers["Content-Language"] == "nl"


@pytest.mark.parametrize(("who", "door"), [("sanne", "/"), ("marieke", "/kantoor/")])
def test_logout_shows_notice_without_a_session(cast: Cast, who: str, door: str):
    browser = browser_of(cast.users[who])
    way = browser.post(f"{door}uitloggen/").headers["Location"]
    page = browser.get(way)
    assert way == f"{door}inloggen/?uitgelogd"
    assert "U bent uitgelogd." in page.content.decode()
    assert not Session.objects.exists()


@pytest.mark.parametrize("door", ["/inloggen/", "/kantoor/inloggen/"])
def test_logout_mark_in_url_shows_no_text_of_its_own(cast: Cast, door: str):
    page = browser_of(None).get(f"{door}?uitgelogd=Bel+0900").content.decode()
    assert "Bel 0900" not in re.sub(r'value="[^"]*"', "", page)
    for quiet in (browser_of(None).get(door), browser_of(None).post(f"{door}?uitgelogd", {})):
        assert "U bent uitgelogd." not in quiet.content.decode()


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_login_never_redirects_to_another_site(cast: Cast, wanted: str):
    answer = Client().post(
        "/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD, "next": wanted}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_login_fails_alike_for_every_reason(cast: Cast):
    cast.users["olga"].deactivated_at = cast.users["olga"].made_at
    cast.users["olga"].save()
    answers = set()
    for email in (
        "sanne@example.nl",
        "nobody@example.nl",
        "olga@example.nl",
        "marieke@kantoor.example.nl",
    ):
        browser = Client(REMOTE_ADDR=f"10.0.{len(answers)}.1")
        answer = browser.post("/inloggen/", {"email": email, "password": "Verkeerd-9"})
        errors = answer.context["form"].errors.as_json()
        answers.add((answer.status_code, errors))
    assert len(answers) == 1


def test_link_request_answers_alike_for_everyone(cast: Cast):
    answers = set()
    for email in ("sanne@example.nl", "nobody@example.nl", "marieke@kantoor.example.nl"):
        answer = Client().post("/wachtwoord/", {"email": email})
        answers.add((answer.status_code, answer.headers["Location"]))
    assert answers == {(302, "/wachtwoord/verstuurd/")}


def test_each_face_has_its_own_cookie(cast: Cast):
    client = Client()
    client.post("/inloggen/", {"email": "sanne@example.nl", "password": PASSWORD})
    office = Client()
    office.post("/kantoor/inloggen/", {"email": "marieke@kantoor.example.nl", "password": PASSWORD})
    names = [set(browser.cookies) & {"portaal", "kantoor"} for browser in (client, office)]
    assert names == [{"portaal"}, {"kantoor"}]
    cookies = client.cookies["portaal"], office.cookies["kantoor"]
    assert all(cookie["httponly"] and cookie["samesite"] == "Lax" for cookie in cookies)
