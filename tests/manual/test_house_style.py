"""House style: the administrator's form, and colours of mail and paper as in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.ui.test_colours import COLOURS, TOKENS

from portaal.domain.office.colours import ROLES, on_paper

from .conftest import axe, log_in


@pytest.mark.browser
def test_browser_computes_the_same_colours(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(f"<style>{re.sub('@font-face {.*?}', '', TOKENS, flags=re.S)}</style>")
    for colour in COLOURS[:60:4]:
        shown = page.evaluate(PAINTED, [colour, list(ROLES)])
        for role, hexes in on_paper(colour, colour).items():
            ours = [int(hexes[at : at + 2], 16) for at in (1, 3, 5)]
            assert all(abs(a - b) <= 1 for a, b in zip(ours, shown[role], strict=True)), (
                colour,
                role,
                ours,
                shown[role],
            )
    page.close()


PAINTED = """([colour, roles]) => {
  document.documentElement.style.colorScheme = "light"
  document.documentElement.style.setProperty("--brand", colour)
  document.documentElement.style.setProperty("--accent", colour)
  return Object.fromEntries(roles.map((role) => {
    document.body.style.color = `var(--color-${role})`
    const canvas = document.createElement("canvas").getContext("2d")
    canvas.fillStyle = getComputedStyle(document.body).color
    canvas.fillRect(0, 0, 1, 1)
    return [role, [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)]
  }))
}"""


LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
    b'<path fill="#7a1f3d" d="M4 4h32v32H4z"/></svg>'
)


@pytest.mark.browser
def test_administrator_sets_the_house_style_for_everybody(
    new_page: Callable[..., Page],
) -> None:
    page, visitor = new_page(), new_page(390, 844)
    log_in(page, "ina@lindehof.example.nl", at="/kantoor/inloggen/")
    page.get_by_role("link", name="Instellingen").click()
    expect(page.get_by_role("heading", name="Huisstijl")).to_be_visible()
    assert axe(page) == []

    page.get_by_label("Naam van het kantoor").fill("Kade & Veer notarissen")
    page.locator("[name=brand]").fill("#7A1F3D")
    page.locator("[name=accent]").fill("1F7A8C")
    page.locator("[name=logo]").set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": LOGO}
    )
    expect(page.locator("output[name=action]")).to_have_text("10,0")  # before it is saved
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator(".notice[role=status]")).to_contain_text("De huisstijl is opgeslagen.")
    expect(page.get_by_text("10,0 : 1")).to_be_visible()

    visitor.goto("/inloggen/")
    expect(visitor.get_by_text("Kade & Veer").first).to_be_visible()
    assert visitor.evaluate("document.querySelector('.logo img').naturalWidth") > 0
    assert (
        visitor.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--brand')")
        == "#7a1f3d"
    )

    page.locator("[name=brand]").fill("rood")
    page.locator("[name=logo]").set_input_files(
        {"name": "logo.gif", "mimeType": "image/gif", "buffer": b"GIF89a"}
    )
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("alert")).to_contain_text("Vul een kleur in als code van zes tekens")
    expect(page.locator("[name=brand]")).to_have_value("rood")
    page.locator("[name=brand]").fill("#7A1F3D")
    page.locator("[name=logo]").set_input_files(
        {"name": "logo.gif", "mimeType": "image/gif", "buffer": b"GIF89a"}
    )
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("alert")).to_contain_text("Kies een logo dat een svg of een png is.")

    page.get_by_label("Naam van het kantoor").fill("Lindehof notarissen")
    page.locator("[name=without_logo]").check()
    page.locator("[name=logo]").set_input_files([])
    page.get_by_role("button", name="Opslaan").click()
    page.get_by_role("button", name="Terug naar standaard").click()
    expect(page.locator(".notice[role=status]")).to_contain_text(
        "De kleuren zijn weer de standaardkleuren."
    )
    expect(page.locator("[name=brand]")).to_have_value("#2B3A7D")

    page.get_by_role("link", name="Kantoorgegevens").click()
    page.get_by_label("Telefoonnummer").wait_for()
    assert axe(page) == []
    page.get_by_label("Telefoonnummer").fill("030 765 43 21")
    page.get_by_role("button", name="Opslaan").click()
    visitor.goto("/inloggen/")
    expect(visitor.get_by_text("030 765 43 21").first).to_be_visible()
