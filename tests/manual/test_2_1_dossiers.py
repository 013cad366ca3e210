"""Dossiers (manual 2.1): the list, search, filter, and the tabs of one dossier."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import Portal, log_in

pytestmark = pytest.mark.browser


def test_client_searches_on_description_and_number(page: Page):
    log_in(page, "tamar@example.nl")
    page.locator(".tile >> nth=0").click()
    rows = page.locator(".rows a.title")
    expect(rows).to_have_count(4)
    for query, description in (
        ("kanaalweg", "Hypotheek Kanaalweg 8"),
        ("2024.001187", "Testament Okafor"),
    ):
        page.get_by_label("Zoek op omschrijving of dossiernummer").fill(query)
        page.get_by_role("button", name="Zoek").click()
        expect(rows).to_have_text([description])
    page.get_by_label("Zoek op omschrijving of dossiernummer").fill("Lindelaan")
    page.get_by_role("button", name="Zoek").click()
    expect(
        page.get_by_role("heading", name="Geen dossiers gevonden voor ‘Lindelaan’")
    ).to_be_visible()


def test_client_filters_on_status(page: Page):
    log_in(page, "tamar@example.nl")
    page.goto("/dossiers/")
    page.get_by_text("Filter", exact=True).click()
    boxes = page.get_by_role("group", name="Toon dossiers met status").get_by_role("checkbox")
    assert [box.is_checked() for box in boxes.all()] == [False, False, False]
    page.get_by_label("Afgehandeld (1)").check()
    page.get_by_role("button", name="Toepassen").click()
    expect(page.locator(".rows a.title")).to_have_text(["Testament Okafor"])


def test_filter_is_not_offered_with_one_status(page: Page):
    log_in(page, "smit@example.nl")
    page.goto("/dossiers/")
    expect(page.locator(".rows a.title")).to_have_count(2)
    expect(page.get_by_text("Filter", exact=True)).to_have_count(0)


def test_dossier_opens_by_its_folder_row_and_chevron(page: Page):
    log_in(page, "tamar@example.nl")
    page.goto("/dossiers/")
    row = page.locator(".rows li", has_text="Hypotheek Kanaalweg 8")
    expect(row.locator("svg.icon")).to_have_count(3)  # the folder, the status, the chevron
    row.locator("svg.icon").last.click(force=True)
    expect(page.get_by_role("heading", name="Hypotheek Kanaalweg 8")).to_be_visible()
    tabs = page.get_by_role("navigation", name="Onderdelen van dit dossier").get_by_role("link")
    expect(tabs).to_contain_text(
        ["Correspondentie", "Documenten", "Door mij aangeleverd", "Berichten"]
    )


def test_many_dossiers_are_paged(portal: Portal, page: Page):
    log_in(page, "beheer@example.nl")
    page.goto("/dossiers/")
    expect(page.get_by_text("60 dossiers", exact=True)).to_be_visible()
    expect(page.locator(".rows a.title")).to_have_count(50)
    page.get_by_role("link", name="Volgende pagina").click()
    expect(page.locator(".rows a.title")).to_have_count(10)


def test_extra_account_sees_only_the_granted_dossier(page: Page):
    log_in(page, "anker-extra@example.nl")
    page.locator(".tile >> nth=0").click()
    expect(page.get_by_role("heading", name="Oprichting holding Het Anker")).to_be_visible()
