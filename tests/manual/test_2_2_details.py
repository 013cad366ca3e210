"""Mijn gegevens (manual 2.2): language, notifications, and recorded details."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import (
    Portal,
    admit,
    log_in,
    make_client,
    make_dossier,
    make_pdf,
    publish,
    set_password,
)

pytestmark = pytest.mark.browser


def test_language_choice_applies_at_once_and_after_logging_in(
    portal: Portal, handler: Page, page: Page
):
    email = make_client(handler, surname="Taal")
    set_password(page, portal, email)
    expect(
        page.get_by_role("group", name="Instellen taal").get_by_role("radio", name="Nederlands")
    ).to_be_checked()
    page.get_by_role("radio", name="English").check()
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("heading", name="My details", level=1)).to_be_visible()
    expect(page.get_by_text("Your choices have been saved.")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(
        page.get_by_role("heading", name="Welcome to the client portal of Lindehof notarissen")
    ).to_be_visible()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill("Lindebloesem7")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Welcome, Ms Taal")).to_be_visible()


def test_client_without_notifications_gets_no_email(
    portal: Portal, handler: Page, page: Page, tmp_path: Path
):
    email = make_client(handler, surname="Stil")
    set_password(page, portal, email)
    choices = page.get_by_role("group", name="Stuur mij een e-mail als er:").get_by_role("checkbox")
    assert [box.is_checked() for box in choices.all()] == [True, True, True]
    page.get_by_label("nieuwe documenten zijn klaargezet").uncheck()
    page.get_by_role("button", name="Opslaan").click()
    page.get_by_text("Uw keuzes zijn bewaard.").wait_for()
    _number, dossier = make_dossier(handler)
    admit(handler, dossier, email)
    publish(
        handler,
        dossier,
        make_pdf(tmp_path),
        title="Zonder e-mail",
        tab="Documenten",
        to="Petra Stil",
    )
    page.wait_for_timeout(4000)
    assert "Er staat iets nieuws voor u klaar" not in [
        mail["subject"] for mail in portal.mails(email)
    ]
    page.goto("/")
    expect(page.get_by_role("link", name="Zonder e-mail")).to_be_visible()


def test_company_sees_its_recorded_details(page: Page):
    log_in(page, "anker@example.nl")
    page.goto("/mijn-gegevens/")
    details = page.locator("dl.answers")
    expect(details).to_contain_text("Bakkerij Het Anker B.V.")
    expect(details).to_contain_text("Karel Jansen")
    expect(details).to_contain_text("12345678")
