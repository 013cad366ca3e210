"""Publications reach their client and nobody else (manual 2.1.1.1 to 2.1.1.4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import (
    Portal,
    admit,
    link_in,
    log_in,
    make_client,
    make_dossier,
    make_pdf,
    publish,
    set_password,
)

pytestmark = pytest.mark.browser


def test_published_documents_reach_their_client_only(
    portal: Portal, handler: Page, new_page: Callable[..., Page], tmp_path: Path
):
    reader, other = make_client(handler, surname="Lezer"), make_client(handler, surname="Ander")
    client, stranger = new_page(390, 844), new_page()
    set_password(client, portal, reader)
    set_password(stranger, portal, other)
    number, dossier = make_dossier(handler)
    admit(handler, dossier, reader)
    admit(handler, dossier, other, role="Verkoper")
    letter, deed = make_pdf(tmp_path, "brief.pdf"), make_pdf(tmp_path, "concept.pdf")
    publish(
        handler,
        dossier,
        letter,
        title="Brief: uw afspraak",
        tab="Correspondentie",
        to="Petra Lezer",
    )
    publish(handler, dossier, deed, title="Concept akte", tab="Documenten", to="Petra Lezer")
    handler.goto(f"{dossier}voortgang/")
    handler.get_by_role("button", name="Koopovereenkomst ontvangen").click()

    mail = portal.mail(reader, "Er staat iets nieuws voor u klaar")
    assert [m["subject"] for m in portal.mails(other)].count(mail["subject"]) == 0
    for secret in (number, "Proeflaan", "Concept akte", "afspraak"):
        assert secret not in mail["text"] + mail["html"]
    client.goto(link_in(mail))
    client.locator(".tile >> nth=0").click()

    progress = client.locator("details.progress")
    expect(progress.locator("summary")).to_contain_text("Voortgang (1/10)")
    assert progress.get_attribute("open") is None
    progress.locator("summary").click()
    expect(progress.locator("li")).to_have_count(10)
    tabs = client.locator(".tabs a")
    expect(tabs).to_have_text(
        [
            "Correspondentie1 1 ongelezen",
            "Documenten1 1 ongelezen",
            "Door mij aangeleverd0",
            "Berichten0",
        ]
    )
    row = client.locator(".rows li")
    expect(row).to_contain_text("Ongelezen")
    with client.expect_download() as download:
        row.get_by_role("link", name=re.compile("Download.*Brief: uw afspraak")).click()
    assert Path(download.value.path()).read_bytes() == letter.read_bytes()
    assert download.value.suggested_filename == "Brief uw afspraak.pdf"
    expect(row.get_by_role("status")).to_contain_text(
        "Gedownload. U vindt het in de map Downloads."
    )
    expect(row.locator(".download-status svg")).to_be_visible()
    client.reload()
    expect(tabs.first).to_have_text("Correspondentie1")
    expect(row).not_to_contain_text("Ongelezen")

    tabs.nth(1).click()
    with client.expect_download() as download:
        row.get_by_role("link", name=re.compile("Download.*Concept akte")).click()
    assert Path(download.value.path()).read_bytes() == deed.read_bytes()
    tabs.nth(2).click()
    expect(client.get_by_role("heading", name="Door mij aangeleverde documenten")).to_be_visible()

    stranger.goto("/")
    stranger.locator(".tile >> nth=0").click()
    expect(stranger.locator(".tabs a")).to_have_text(
        ["Correspondentie0", "Documenten0", "Door mij aangeleverd0", "Berichten0"]
    )

    handler.goto(dossier)
    expect(handler.locator("tr", has_text="Concept akte")).to_contain_text("P. Lezer")
    history = handler.get_by_role("heading", name="Historie").locator("xpath=ancestor::section")
    expect(history).to_contain_text("P. Lezer downloadde")


def test_withdrawn_document_disappears_for_the_client_and_stays_at_the_office(
    portal: Portal, handler: Page, page: Page, tmp_path: Path
):
    reader = make_client(handler, surname="Ingetrokken")
    set_password(page, portal, reader)
    _number, dossier = make_dossier(handler)
    admit(handler, dossier, reader)
    publish(
        handler,
        dossier,
        make_pdf(tmp_path),
        title="Volmacht",
        tab="Documenten",
        to="Petra Ingetrokken",
    )
    page.goto("/")
    page.get_by_role("link", name="Volmacht").click()
    address = page.get_by_role("link", name=re.compile("Download.*Volmacht")).get_attribute("href")

    row = handler.locator("tr", has_text="Volmacht")
    row.locator("summary").click()
    row.get_by_role("button").click()
    handler.get_by_text("Het stuk is ingetrokken.").wait_for()

    assert page.request.get(str(address)).status == 404
    page.reload()
    expect(page.get_by_role("heading", name="Nog geen documenten")).to_be_visible()
    expect(handler.locator("tr", has_text="Volmacht")).to_contain_text("Ingetrokken")


def test_dossier_without_progress_list_says_so(page: Page):
    log_in(page, "smit@example.nl")
    page.goto("/dossiers/")
    page.get_by_role("link", name="Huwelijkse voorwaarden Smit").click()
    progress = page.locator("details.progress")
    expect(progress.locator("summary")).to_contain_text("Voortgang (0/0)")
    progress.locator("summary").click()
    expect(progress).to_contain_text("Voor dit dossier is geen voortgangslijst.")


def test_wrong_file_is_refused_with_a_reason_and_typed_text_stays(
    portal: Portal, handler: Page, tmp_path: Path
):
    _number, dossier = make_dossier(handler)
    admit(handler, dossier, make_client(handler, surname="Kiezer"))
    broken, empty, text = tmp_path / "stuk.pdf", tmp_path / "leeg.pdf", tmp_path / "tekst.pdf"
    broken.write_bytes(b"%PDF-1.7\n" + b"x" * 5000)
    empty.write_bytes(b"")
    text.write_bytes(b"<html>geen pdf</html>")
    for file, reason in ((broken, "is beschadigd"), (empty, "is leeg"), (text, "is geen pdf")):
        handler.goto(dossier)
        handler.get_by_label("Bestand", exact=True).set_input_files(file)
        handler.get_by_label("Naam voor de cliënt").fill("Een naam die blijft")
        handler.get_by_role("checkbox", name="Petra Kiezer").check()
        handler.get_by_role("button", name="Publiceren voor 1 persoon").click()
        expect(handler.locator(".field .error")).to_contain_text(reason)
        expect(handler.get_by_label("Naam voor de cliënt")).to_have_value("Een naam die blijft")

    handler.goto(dossier)
    handler.get_by_label("Bestand", exact=True).set_input_files(make_pdf(tmp_path, "goed.pdf"))
    handler.get_by_role("checkbox", name="Petra Kiezer").check()
    handler.get_by_role("button", name="Publiceren voor 1 persoon").click()
    expect(handler.get_by_text("goed.pdf")).to_be_visible()  # the file need not be chosen again
    handler.get_by_label("Naam voor de cliënt").fill("Nu met een naam")
    handler.get_by_role("button", name="Publiceren voor 1 persoon").click()
    expect(handler.locator("tr", has_text="Nu met een naam")).to_be_visible()
