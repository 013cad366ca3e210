"""Markup in messages and canned replies: a real browser shows it as text and runs nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect
from tests.corpus import MARKUP

from .conftest import Portal, admit, make_client, make_dossier, set_password
from .test_2_1_1_5_messages import open_messages, send, write

pytestmark = pytest.mark.browser

HALF = len(MARKUP) // 2  # which fits in a message
BODIES = ["\n".join(MARKUP[:HALF]), "\n".join(MARKUP[HALF:])]
SUBJECTS = [
    "</title><script>alert(1)</script><img src=x onerror=alert(1)>",
    "\" autofocus onfocus=alert(1) x=\"' onmouseover='alert(1)<svg onload=alert(1)>",
]
# Dispatch the events of a mouse to every element that does not leave the page.
TOUCH_EVERYTHING = """
() => {
  for (const each of document.querySelectorAll("main *:not(a, form, form *)")) {
    for (const name of ["click", "mouseover", "pointerdown", "focus"]) {
      each.dispatchEvent(new MouseEvent(name));
    }
  }
}
"""
FOREIGN = (
    "main script:not([src^='/static/']), main iframe, main base, main meta,"
    " main [onerror], main [onload], main [onfocus]"
)


def dialogs_of(page: Page) -> list[str]:
    """Return a list that collects the dialogs of a page, and close each."""
    opened: list[str] = []

    def close(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    return opened


def test_markup_in_messages_never_runs(
    portal: Portal, handler: Page, new_page: Callable[..., Page]
):
    assert max(map(len, BODIES)) < 4000
    email = make_client(handler, surname="Opmaak")
    _number, dossier = make_dossier(handler)
    admit(handler, dossier, email)
    client = new_page()
    set_password(client, portal, email)
    opened = [dialogs_of(client), dialogs_of(handler)]
    for subject, body in zip(SUBJECTS, BODIES, strict=True):
        _write_to_client(handler, dossier, subject, body)
        _write_to_office(client, subject, body)
    _save_canned_reply(handler, SUBJECTS[0], BODIES[1])
    for page, addresses in (
        (client, _client_pages(client)),
        (handler, _office_pages(handler, dossier)),
    ):
        for address in addresses:
            page.goto(address)
            page.evaluate(TOUCH_EVERYTHING)
            assert page.locator(FOREIGN).count() == 0, address
    client.goto("/")
    assert opened == [[], []]


def _write_to_client(handler: Page, dossier: str, subject: str, body: str) -> None:
    handler.goto(f"{dossier}berichten/nieuw/")
    handler.get_by_label("Petra Opmaak (Koper)").check()
    write(handler, subject, body)
    send(handler)
    handler.get_by_text("Uw bericht is verstuurd").wait_for()


def _write_to_office(client: Page, subject: str, body: str) -> None:
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


def _client_pages(client: Page) -> list[str]:
    """Return every page of the client that shows a message."""
    open_messages(client)
    pages = ["/", client.url, client.url.replace("berichten", "aangeleverd")]
    messages = [
        link.get_attribute("href") or ""
        for link in client.locator("main a[href^='/berichten/']").all()
    ]
    return pages + messages + [f"{address}antwoord/" for address in _answerable(client, messages)]


def _answerable(client: Page, messages: list[str]) -> list[str]:
    answerable = []
    for address in messages:
        client.goto(address)
        if client.get_by_role("link", name="Beantwoorden").count():
            answerable.append(address)
    assert len(answerable) >= 2
    return answerable


def _office_pages(handler: Page, dossier: str) -> list[str]:
    """Return every page of the office that shows a message or a canned reply."""
    handler.goto(f"{dossier}berichten/")
    conversations = {
        link.get_attribute("href") or ""
        for link in handler.locator("main a[href*='/kantoor/berichten/']").all()
    }
    handler.goto("/kantoor/antwoorden/")
    replies = {
        link.get_attribute("href") or ""
        for link in handler.locator("main a[href*='/kantoor/antwoorden/']").all()
    }
    assert len(conversations) >= 4
    own = [
        dossier,
        f"{dossier}berichten/",
        f"{dossier}berichten/nieuw/",
        f"{dossier}historie/",
        "/kantoor/berichten/",
    ]
    return [*own, "/kantoor/antwoorden/", *sorted(conversations), *sorted(replies)]
