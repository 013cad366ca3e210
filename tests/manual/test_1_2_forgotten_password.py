"""Forgotten password (manual 1.2)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import PASSWORD, Portal, link_in, log_in, make_client, set_password

pytestmark = pytest.mark.browser


def test_login_page_has_the_manuals_texts(page: Page):
    page.goto("/inloggen/")
    expect(
        page.get_by_role("heading", name="Welkom op het klantenportaal van Lindehof notarissen")
    ).to_be_visible()
    expect(page.get_by_label("Wachtwoord", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Inloggen")).to_be_visible()
    expect(page.get_by_role("link", name="Instellen wachtwoord")).to_be_visible()
    expect(page.get_by_text("www.lindehof.example.nl", exact=True)).to_be_visible()


def test_client_sets_a_new_password_after_forgetting_it(portal: Portal, handler: Page, page: Page):
    email = make_client(handler, surname="Vergeten")
    set_password(page, portal, email)
    page.get_by_role("button", name="Uitloggen").click()

    portal.mail(
        email, "Uw wachtwoord is ingesteld"
    )  # count after the last e-mail of the first time
    sent = len(portal.mails(email))
    page.get_by_role("link", name="Instellen wachtwoord").click()
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_role("button", name="Verstuur", exact=True).click()
    page.get_by_role("heading", name="Bekijk uw e-mail").wait_for()
    while len(portal.mails(email)) == sent:
        page.wait_for_timeout(200)
    page.goto(link_in(portal.mails(email)[-1]))
    page.get_by_label("Wachtwoord", exact=True).fill("Kersenboom-9")
    page.get_by_role("button", name="Instellen wachtwoord").click()
    expect(page.get_by_role("heading", name="Welkom, mevrouw Vergeten")).to_be_visible()

    page.get_by_role("button", name="Uitloggen").click()
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    sentence = "E-mailadres of wachtwoord is onjuist, of het account is (tijdelijk) geblokkeerd."
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_label("E-mailadres")).to_have_value(email)
    log_in(page, email, password="Kersenboom-9")
