"""Every screen, on a telephone and a large screen, in both languages: nothing for axe to find, nothing that scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .conftest import Portal, log_in

pytestmark = pytest.mark.browser

DOOR = ["/inloggen/", "/welkom/", "/wachtwoord/", "/wachtwoord/verstuurd/", "/wachtwoord/niets/", "/bestaat-niet/", "/offline/"]
CLIENT = ["/", "/acties/", "/mijn-gegevens/", "/dossiers/", "/dossiers/?q=niets"]
OFFICE = ["/kantoor/", "/kantoor/dossiers/nieuw/", "/kantoor/clienten/", "/kantoor/clienten/nieuw/", "/kantoor/niet-bezorgd/"]
WIDTHS = [(1280, 900), (390, 844)]


@pytest.mark.parametrize("size", WIDTHS, ids=["1280", "390"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_client_screens_are_open_to_everyone(portal: Portal, new_page: Callable[..., Page], size: tuple[int, int], scheme: str):
    page = new_page(*size)
    page.emulate_media(color_scheme=scheme)
    for address in DOOR:
        page.goto(address)
        _check(page)
    log_in(page, "tamar@example.nl")
    page.goto("/dossiers/")
    dossier = page.locator(".rows a.ttl").first.get_attribute("href")
    for address in [*CLIENT, *(f"{dossier}{tab}" for tab in ("", "documenten/", "aangeleverd/", "berichten/"))]:
        page.goto(address)
        _check(page)


@pytest.mark.parametrize("size", WIDTHS, ids=["1280", "390"])
def test_office_screens_are_open_to_everyone(portal: Portal, new_page: Callable[..., Page], size: tuple[int, int]):
    page = new_page(*size)
    page.goto("/kantoor/inloggen/")
    _check(page)
    log_in(page, "marieke@lindehof.example.nl", at="/kantoor/inloggen/")
    page.goto("/kantoor/?q=Lindelaan")
    dossier = page.locator("table a", has_text="Lindelaan").get_attribute("href")
    parts = [f"{dossier}{part}" for part in ("", "voortgang/", "historie/", "partijen/nieuw/")]
    for address in [*OFFICE, *parts]:
        page.goto(address)
        _check(page)


def test_english_reader_meets_no_dutch(portal: Portal, page: Page):
    page.goto("/inloggen/")
    page.get_by_role("button", name="English").click()
    page.get_by_label("E-mail address").fill("tamar@example.nl")
    page.get_by_label("Password", exact=True).fill("Lindebloesem7")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="English").click()
    for address, words in (
        ("/", ["Dossiers", "Actions", "My details", "New for you", "Log out"]),
        ("/mijn-gegevens/", ["Set language", "Notifications", "Save"]),
        ("/dossiers/?q=Kanaalweg", ["Waiting for the client", "Progress (5/7)"]),
    ):
        page.goto(address)
        text = page.locator("body").inner_text()
        assert [word for word in words if word not in text] == []
        dutch = ["Acties", "Uitloggen", "Opslaan", "Voortgang", "Behandelaar", "ongelezen"]
        assert [word for word in dutch if word in text] == []
        assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/mijn-gegevens/")
    page.get_by_role("button", name="Nederlands").click()


def _check(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(page.url, fault["id"], fault["nodes"][0]["html"][:200]) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page.url
