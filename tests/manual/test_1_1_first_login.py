"""First login (manual 1.1): three e-mails, from the invitation to 'Mijn gegevens'."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import PASSWORD, Portal, link_in, log_in, make_client

pytestmark = pytest.mark.browser


def test_client_logs_in_through_three_emails(portal: Portal, handler: Page, page: Page):
    email = make_client(handler, surname="Eerste")

    first = portal.mail(email, "Uw account voor ons klantenportaal")
    page.goto(link_in(first))
    expect(
        page.get_by_text("Vul uw e-mailadres in en klik op verstuur om een link te ontvangen")
    ).to_be_visible()
    expect(page.get_by_text("voor het wijzigen (of instellen) van uw wachtwoord.")).to_be_visible()
    expect(page.get_by_text("www.lindehof.example.nl")).to_be_visible()
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_role("button", name="Verstuur", exact=True).click()

    second = portal.mail(email, "Stel uw wachtwoord in")
    page.goto(link_in(second))
    expect(page.get_by_role("heading", name="Stel uw wachtwoord in a.u.b.")).to_be_visible()
    expect(page.get_by_text("www.lindehof.example.nl")).to_be_visible()
    rule = (
        "Het wachtwoord dient minimaal 8 tekens bevatten,"
        " waarvan minimaal 1 hoofdletter en 1 cijfer"
    )
    expect(page.get_by_text(rule)).to_be_visible()
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Instellen wachtwoord").click()

    page.wait_for_url("**/mijn-gegevens/")
    expect(page.get_by_role("heading", name="Mijn gegevens", level=1)).to_be_visible()
    link = page.get_by_role("link", name="Naar Home").bounding_box()
    assert link
    assert link["height"] >= 44
    portal.mail(email, "Uw wachtwoord is ingesteld")

    page.get_by_role("button", name="Uitloggen").click()
    log_in(page, email)
    expect(page).to_have_url(f"{portal.url}/")


def test_password_rules_tick_off_while_typing_and_hold_at_the_server(
    portal: Portal, handler: Page, page: Page
):
    email = make_client(handler, surname="Regels")
    _request_link(page, email)
    page.goto(link_in(portal.mail(email, "Stel uw wachtwoord in")))
    field = page.get_by_label("Wachtwoord", exact=True)
    met = page.locator(".rules li.met")
    for password, number in (
        ("", 0),
        ("lindebloesem", 1),
        ("Lindebloesem", 2),
        ("Lindebloesem7", 3),
    ):
        field.fill(password)
        expect(met).to_have_count(number)
    for weak, reason in (
        ("Linde7x", "Gebruik minimaal 8 tekens."),
        ("lindebloesem7", "Gebruik minimaal 1 hoofdletter."),
        ("Lindebloesem", "Gebruik minimaal 1 cijfer."),
        ("Welkom2026", "Dit wachtwoord is makkelijk te raden."),
    ):
        field.fill(weak)
        page.get_by_role("button", name="Instellen wachtwoord").click()
        expect(page.locator(".field .error")).to_contain_text(reason)
    expect(page).to_have_title(
        "Fout: Stel uw wachtwoord in a.u.b. - Klantenportaal Lindehof notarissen"
    )


def test_password_link_survives_a_mail_scanner_and_works_once(
    portal: Portal, handler: Page, new_page: Callable[..., Page]
):
    email = make_client(handler, surname="Scanner")
    page = new_page()
    _request_link(page, email)
    link = link_in(portal.mail(email, "Stel uw wachtwoord in"))
    scanner = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    for _ in range(10):
        with scanner.open(link) as answer:
            assert "Stel uw wachtwoord in a.u.b." in answer.read().decode()
    page.goto(link)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Instellen wachtwoord").click()
    page.wait_for_url("**/mijn-gegevens/")

    stranger = new_page()
    for dead in (link, link[:-4] + "/", f"{portal.url}/wachtwoord/niets/"):
        stranger.goto(dead)
        expect(
            stranger.get_by_role("heading", name="Deze link is verlopen of al gebruikt")
        ).to_be_visible()
    stranger.get_by_role("link", name="Nieuwe link aanvragen").click()
    expect(stranger.get_by_role("heading", name="Instellen wachtwoord")).to_be_visible()


def test_stranger_cannot_register(portal: Portal, page: Page):
    _request_link(page, "vreemde@example.nl")
    expect(page.get_by_text("Is vreemde@example.nl bij ons bekend?")).to_be_visible()
    page.wait_for_timeout(1500)
    assert portal.mails("vreemde@example.nl") == []


def _request_link(page: Page, email: str) -> None:
    page.goto("/welkom/")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_role("button", name="Verstuur", exact=True).click()
    page.wait_for_url("**/wachtwoord/verstuurd/")
