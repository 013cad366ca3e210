"""Offline page of the portal; the browser stores nothing personal for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import log_in

pytestmark = pytest.mark.browser


def test_portal_shows_its_own_page_without_a_connection(page: Page):
    log_in(page, "sanne@example.nl")
    page.evaluate("navigator.serviceWorker.ready")
    page.goto("/mijn-gegevens/")
    page.context.set_offline(True)
    page.goto("/dossiers/")
    expect(page.get_by_role("heading", name="Geen verbinding")).to_be_visible()
    button = page.evaluate("getComputedStyle(document.querySelector('.btn')).backgroundColor")
    assert button != "rgba(0, 0, 0, 0)"  # the style sheet is there too
    page.context.set_offline(False)
    page.get_by_role("link", name="Opnieuw proberen").click()
    expect(page.get_by_role("heading", name="Geen verbinding")).to_be_hidden()
    assert [path.split("/")[1] for path in page.evaluate(CACHED_PATHS)] == [
        "offline",
        "static",
        "huisstijl.css",
    ]


CACHED_PATHS = """async () => {
  const opened = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const requests = await Promise.all(opened.map((cache) => cache.keys()));
  return requests.flat().map((request) => new URL(request.url).pathname);
}"""
