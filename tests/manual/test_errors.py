"""Errors of a form: focused at once, linked to their fields, removed once these are valid."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from portaal.domain.messaging.validators import BODY_MAX

from .conftest import Portal, link_in, log_in, make_client

pytestmark = pytest.mark.browser

SANNE, MARIEKE = "sanne@example.nl", "marieke@lindehof.example.nl"
NEW_CLIENT, NEW_DOSSIER, NEW_REPLY = (
    "/kantoor/clienten/nieuw/",
    "/kantoor/dossiers/nieuw/",
    "/kantoor/antwoorden/nieuw/",
)


def summary(page: Page) -> Locator:
    return page.locator(".errors")


def marked(page: Page) -> list[str]:
    """Return the fields marked as invalid, and check that only they have an error sentence."""
    names = page.locator("[aria-invalid=true]").evaluate_all(
        "(all) => all.map((each) => each.name)"
    )
    assert page.locator("span.error").count() == len(names)
    return names


def test_without_scripts_a_refused_form_opens_at_its_errors(
    new_page: Callable[..., Page], tmp_path: Path
):
    page = new_page(390, 844, java_script_enabled=False)
    log_in(page, MARIEKE, at="/kantoor/inloggen/")
    page.goto("/kantoor/dossiers/?q=2026.004521")
    page.get_by_role("link", name="Aankoop Lindelaan 12").click()
    page.get_by_role("navigation", name="Onderdelen").get_by_role("link", name="Berichten").click()
    page.locator(".conversations a").first.click()
    (tmp_path / "leeg.pdf").touch()
    page.get_by_label("Bijlagen (niet verplicht)").set_input_files(tmp_path / "leeg.pdf")
    page.get_by_label("Bericht", exact=True).fill("Zie de bijlage.")
    page.get_by_role("button", name="Versturen").click()
    expect(summary(page)).to_be_in_viewport()
    expect(summary(page)).to_be_focused()
    summary(page).get_by_role("link", name="“leeg.pdf” is leeg. Kies een ander bestand.").click()
    expect(page.get_by_label("Bijlagen (niet verplicht)")).to_be_in_viewport()
    expect(page.get_by_label("Bijlagen (niet verplicht)")).to_have_accessible_description(
        re.compile("“leeg.pdf” is leeg")
    )


def test_error_disappears_once_its_field_is_valid(handler: Page):
    handler.goto(NEW_CLIENT)
    handler.get_by_label("E-mailadres").fill("geen adres")
    handler.get_by_role("button", name="Cliënt aanmaken").click()
    expect(summary(handler).get_by_role("heading")).to_have_text("2 dingen kloppen nog niet")
    assert marked(handler) == ["surname", "email"]
    handler.get_by_label("Voornamen").fill("Petra")  # another field
    handler.get_by_label("E-mailadres").fill("nog steeds geen adres")
    assert marked(handler) == ["surname", "email"]
    handler.get_by_label("E-mailadres").fill("petra@example.nl")
    expect(summary(handler).get_by_role("heading")).to_have_text("1 ding klopt nog niet")
    expect(summary(handler).get_by_role("listitem")).to_have_text(["Vul de achternaam in."])
    assert marked(handler) == ["surname"]
    expect(handler.get_by_label("E-mailadres")).to_have_accessible_description(
        "De cliënt logt hiermee in. Controleer het goed."
    )
    handler.get_by_label("Achternaam").press_sequentially("V")
    expect(summary(handler)).to_have_count(0)
    expect(handler.get_by_label("Achternaam")).to_be_focused()
    assert marked(handler) == []
    assert handler.title().startswith("Nieuwe cliënt")


def test_error_of_a_choice_disappears_once_one_is_chosen(handler: Page):
    handler.goto(NEW_DOSSIER)
    handler.get_by_label("Omschrijving").fill("Aankoop Proeflaan")
    handler.get_by_label("Status").select_option("")
    handler.get_by_role("button", name="Dossier aanmaken").click()
    assert marked(handler) == ["number", "type", "status"]
    handler.get_by_label("Soort").select_option(label="Hypotheek")
    assert marked(handler) == ["number", "status"]
    handler.get_by_label("Soort").select_option("")  # the server checks it again
    assert marked(handler) == ["number", "status"]


def test_form_error_stays_readable_but_unmarked_while_typing(page: Page):
    page.goto("/inloggen/")
    page.get_by_label("E-mailadres").fill(SANNE)
    page.get_by_label("Wachtwoord", exact=True).fill("Verkeerd1")
    page.get_by_role("button", name="Inloggen").click()
    expect(summary(page).get_by_role("heading")).to_have_text("1 ding klopt nog niet")
    page.get_by_label("Wachtwoord", exact=True).press_sequentially("L")
    expect(summary(page)).to_be_visible()  # the reason can still be read
    expect(summary(page).get_by_role("heading")).to_have_count(0)
    assert summary(page).get_attribute("role") is None
    assert page.title().startswith("Inloggen")


def test_length_error_stays_until_the_text_fits(handler: Page):
    handler.goto(NEW_REPLY)
    handler.get_by_label("Naam").fill("Lang")
    handler.locator("textarea").evaluate(
        "(text, most) => { text.value = 'x'.repeat(most + 2) }", BODY_MAX
    )
    handler.get_by_role("button", name="Opslaan").click()
    assert marked(handler) == ["body"]
    handler.locator("textarea").press("Control+End")
    handler.keyboard.press("Backspace")
    assert marked(handler) == ["body"]
    handler.keyboard.press("Backspace")
    expect(summary(handler)).to_have_count(0)


def test_password_error_stays_until_the_rules_are_met(handler: Page, page: Page, portal: Portal):
    email = make_client(handler, surname="Regels")
    page.goto("/welkom/")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_role("button", name="Verstuur").click()
    page.goto(link_in(portal.mail(email, "Stel uw wachtwoord in")))
    page.get_by_label("Wachtwoord", exact=True).fill("kort")
    page.get_by_role("button", name="Instellen wachtwoord").click()
    page.get_by_label("Wachtwoord", exact=True).press_sequentially("Lindebloesem")
    assert marked(page) == ["password"]
    page.get_by_label("Wachtwoord", exact=True).press_sequentially("7")
    expect(summary(page)).to_have_count(0)
