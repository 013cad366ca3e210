"""Home (manual 2), and the actions that stay in view."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import Portal, log_in

pytestmark = pytest.mark.browser


def test_home_has_three_tiles_with_their_counts(portal: Portal, page: Page):
    log_in(page, "tamar@example.nl")
    expect(page.locator(".menu a[aria-current=page]")).to_have_text("Home")
    expect(page.locator(".tile h2")).to_have_text(["Dossiers", "Acties", "Mijn gegevens"])
    expect(page.locator(".tile >> nth=0")).to_contain_text("3in behandeling")
    expect(page.locator(".tile >> nth=0")).to_contain_text("4 in totaal")
    expect(page.get_by_role("heading", name="Nieuw voor u")).to_be_visible()


@pytest.mark.parametrize("address", ["/", "/dossiers/", "/mijn-gegevens/"])
def test_actions_and_home_are_reachable_on_every_page(portal: Portal, page: Page, address: str):
    log_in(page, "tamar@example.nl")
    page.goto(address)
    panel = page.get_by_role("complementary")
    expect(panel.get_by_role("heading", name="Acties")).to_be_visible()
    expect(panel.locator(".count")).to_contain_text("0")
    expect(page.get_by_role("button", name="Uitloggen")).to_be_visible()
    page.locator(".menu").get_by_role("link", name="Home").click()
    expect(page).to_have_url(f"{portal.url}/")


def test_actions_page_says_once_that_it_is_empty(page: Page):
    log_in(page, "tamar@example.nl")
    page.locator(".menu").get_by_role("link", name="Acties").click()
    expect(page.get_by_role("heading", name="Acties")).to_have_count(1)
    expect(page.get_by_text("U hoeft nu niets in te vullen")).to_have_count(1)


def test_home_opens_the_only_dossier_directly(portal: Portal, page: Page):
    log_in(page, "emre@example.nl")
    expect(page.locator(".tile >> nth=0")).to_contain_text("1in behandeling")
    page.locator(".tile >> nth=0").click()
    expect(page.get_by_role("heading", name="Aankoop Lindelaan 12, Utrecht")).to_be_visible()


def test_former_client_sees_no_dossiers(page: Page):
    log_in(page, "vroeger@example.nl")
    page.locator(".tile >> nth=0").click()
    expect(page.get_by_role("heading", name="Er zijn geen dossiers voor u")).to_be_visible()
