"""End of a session during typing: a warning, a button to stay, nothing lost (R43)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import PASSWORD

pytestmark = pytest.mark.browser


def test_typed_text_returns_after_the_session_ends(handler: Page):
    left = {"seconds": 100}

    def answer(route: Route) -> Any:
        """Answer with the seconds that are `left`; let the page's own POSTs through."""
        return route.fulfill(json=left) if route.request.method == "GET" else route.continue_()

    handler.route("**/kantoor/sessie/", answer)
    handler.goto("/kantoor/clienten/nieuw/")
    dialog = handler.get_by_role("dialog", name="U wordt zo uitgelogd")
    expect(dialog).to_be_visible()
    expect(dialog).to_have_accessible_description(
        "U bent een tijd niet bezig geweest."
        " Voor uw veiligheid logt het portaal u over twee minuten uit."
        " Wat u hebt getypt, blijft bewaard."
    )
    dialog.get_by_role("button", name="Ingelogd blijven").click()
    expect(dialog).to_be_hidden()

    handler.get_by_label("Achternaam").fill("Halverwege")
    left["seconds"] = 4
    handler.evaluate("document.querySelector('session-watch').check()")
    handler.wait_for_url("**/kantoor/inloggen/?next=%2Fkantoor%2Fclienten%2Fnieuw%2F")
    left["seconds"] = 1800
    handler.get_by_label("E-mailadres").fill("marieke@lindehof.example.nl")
    handler.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    handler.get_by_role("button", name="Inloggen").click()
    handler.wait_for_url("**/kantoor/clienten/nieuw/")
    expect(handler.get_by_label("Achternaam")).to_have_value("Halverwege")
    expect(handler.get_by_text("Wat u had getypt, staat er nog.")).to_be_visible()
