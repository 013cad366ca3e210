"""What looks like a script, in messages and standard replies, in a real browser: it stands there as text, and nothing runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect
from tests.corpus import MARKUP

from .conftest import Portal, admit, make_client, make_dossier, set_password
from .test_2_1_1_5_messages import open_messages, send, write

pytestmark = pytest.mark.browser

HALF = len(MARKUP) // 2  # as many as fit in a message
BODIES = ["\n".join(MARKUP[:HALF]), "\n".join(MARKUP[HALF:])]
SUBJECTS = [
    "</title><script>alert(1)</script><img src=x onerror=alert(1)>",
    "\" autofocus onfocus=alert(1) x=\"' onmouseover='alert(1)<svg onload=alert(1)>",
]
# What a hand could do to all that stands there, save what would leave the page.
HANDS = """
() => document.querySelectorAll("main *:not(a, form, form *)").forEach((each) =>
  ["click", "mouseover", "pointerdown", "focus"].forEach((name) => each.dispatchEvent(new MouseEvent(name))))
"""
FOREIGN = "main script:not([src^='/static/']), main iframe, main base, main meta, main [onerror], main [onload], main [onfocus]"


def watched(page: Page) -> list[str]:
    """The dialogs that this page opens; each is closed."""
    opened: list[str] = []

    def close(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    return opened


def test_markup_in_messages_runs_nowhere(
    portal: Portal, handler: Page, new_page: Callable[..., Page]
):
    assert [len(body) < 4000 for body in BODIES] == [True, True]
    email = make_client(handler, surname="Opmaak")
    _number, dossier = make_dossier(handler)
    admit(handler, dossier, email)
    client = new_page()
    set_password(client, portal, email)
    opened = [watched(client), watched(handler)]
    for subject, body in zip(SUBJECTS, BODIES, strict=True):
        _tell(handler, dossier, subject, body)
        _ask(client, subject, body)
    _save_canned_reply(handler, SUBJECTS[0], BODIES[1])
    for page, addresses in ((client, _of_client(client)), (handler, _of_office(handler, dossier))):
        for address in addresses:
            page.goto(address)
            page.evaluate(HANDS)
            assert page.locator(FOREIGN).count() == 0, address
    client.goto("/")
    assert opened == [[], []]


def _tell(handler: Page, dossier: str, subject: str, body: str) -> None:
    handler.goto(f"{dossier}berichten/nieuw/")
    handler.get_by_label("Petra Opmaak (Koper)").check()
    write(handler, subject, body)
    send(handler)
    handler.get_by_text("Uw bericht is verstuurd").wait_for()


def _ask(client: Page, subject: str, body: str) -> None:
    open_messages(client)
    client.get_by_role("link", name="Nieuw bericht").locator("visible=true").click()
    write(client, subject, body)
    send(client)
    expect(client.get_by_role("status")).to_contain_text("verstuurd aan")
    expect(client.locator("main")).to_contain_text(body.splitlines()[3])


def _save_canned_reply(handler: Page, name: str, body: str) -> None:
    handler.goto("/kantoor/antwoorden/nieuw/")
    handler.get_by_label("Naam", exact=True).fill(name)
    handler.get_by_label("Tekst", exact=True).fill(body)
    handler.get_by_role("button", name="Opslaan").click()
    handler.get_by_text("is opgeslagen").wait_for()


def _of_client(client: Page) -> list[str]:
    """Every page of the client that shows what was written."""
    open_messages(client)
    found = ["/", client.url, client.url.replace("berichten", "aangeleverd")]
    messages = [
        link.get_attribute("href") or ""
        for link in client.locator("main a[href^='/berichten/']").all()
    ]
    return found + messages + [f"{address}antwoord/" for address in _from_office(client, messages)]


def _from_office(client: Page, messages: list[str]) -> list[str]:
    found = []
    for address in messages:
        client.goto(address)
        if client.get_by_role("link", name="Beantwoorden").count():
            found.append(address)
    assert len(found) >= 2
    return found


def _of_office(handler: Page, dossier: str) -> list[str]:
    """Every page of the office that shows what was written."""
    handler.goto(f"{dossier}berichten/")
    talks = {
        link.get_attribute("href") or ""
        for link in handler.locator("main a[href*='/kantoor/berichten/']").all()
    }
    handler.goto("/kantoor/antwoorden/")
    replies = {
        link.get_attribute("href") or ""
        for link in handler.locator("main a[href*='/kantoor/antwoorden/']").all()
    }
    assert len(talks) >= 4
    own = [
        dossier,
        f"{dossier}berichten/",
        f"{dossier}berichten/nieuw/",
        f"{dossier}historie/",
        "/kantoor/berichten/",
    ]
    return [*own, "/kantoor/antwoorden/", *sorted(talks), *sorted(replies)]
