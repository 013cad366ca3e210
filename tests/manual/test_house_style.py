"""The colours of mail and paper are those that the browser shows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser
from tests.ui.test_colours import COLOURS, TOKENS

from portaal.domain.office.colours import ROLES, on_paper


@pytest.mark.browser
def test_the_browser_works_out_the_same_colours(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(f"<style>{re.sub('@font-face {.*?}', '', TOKENS, flags=re.S)}</style>")
    for colour in COLOURS[:60:4]:
        seen = page.evaluate(PAINTED, [colour, list(ROLES)])
        for role, hexes in on_paper(colour, colour).items():
            ours = [int(hexes[at : at + 2], 16) for at in (1, 3, 5)]
            assert all(abs(a - b) <= 1 for a, b in zip(ours, seen[role], strict=True)), (colour, role, ours, seen[role])
    page.close()


PAINTED = """([colour, roles]) => {
  document.documentElement.style.colorScheme = "light"
  document.documentElement.style.setProperty("--brand", colour)
  document.documentElement.style.setProperty("--accent", colour)
  return Object.fromEntries(roles.map((role) => {
    document.body.style.color = `var(--${role})`
    const pen = document.createElement("canvas").getContext("2d")
    pen.fillStyle = getComputedStyle(document.body).color
    pen.fillRect(0, 0, 1, 1)
    return [role, [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3)]
  }))
}"""
