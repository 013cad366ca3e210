"""No connection: a page of the portal says so, and nothing of a person is kept in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import log_in

pytestmark = pytest.mark.browser


def test_without_a_connection_the_portal_says_so_itself(page: Page):
    log_in(page, "sanne@example.nl")
    page.evaluate("navigator.serviceWorker.ready")
    page.goto("/mijn-gegevens/")
    page.context.set_offline(True)
    page.goto("/dossiers/")
    expect(page.get_by_role("heading", name="Geen verbinding")).to_be_visible()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.btn')).backgroundColor")
        != "rgba(0, 0, 0, 0)"
    )  # its style too
    page.context.set_offline(False)
    page.get_by_role("link", name="Opnieuw proberen").click()
    expect(page.get_by_role("heading", name="Geen verbinding")).to_be_hidden()
    kept = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys()))))"
        ".then((lists) => lists.flat().map((request) => new URL(request.url).pathname))"
    )
    assert [path.split("/")[1] for path in kept] == ["offline", "static", "huisstijl.css"]
