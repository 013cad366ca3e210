"""Messages between client and office, with attachments (manual 2.1.1.4 and 2.1.1.5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import (
    WAIT,
    Portal,
    admit,
    axe,
    link_in,
    log_in,
    make_client,
    make_dossier,
    make_pdf,
    set_password,
)

pytestmark = pytest.mark.browser

POSITION = "link => link.getBoundingClientRect().top + scrollY"

LINE = "Beste,\n\nHierbij zend ik "  # the manual's example of 24 characters


@dataclass(frozen=True)
class Correspondence:
    """Client with a dossier: her e-mail address, its number, and its page at the office."""

    email: str
    number: str
    dossier: str


@pytest.fixture
def correspondence(portal: Portal, handler: Page) -> Correspondence:
    email = make_client(handler, surname="Schrijver")
    number, dossier = make_dossier(handler)
    admit(handler, dossier, email)
    return Correspondence(email, number, dossier)


@pytest.fixture
def client(portal: Portal, correspondence: Correspondence, new_page: Callable[..., Page]) -> Page:
    """Return a page on which the client is logged in on her phone."""
    page = new_page(390, 844)
    set_password(page, portal, correspondence.email)
    return page


def open_messages(client: Page) -> None:
    client.goto("/dossiers/")
    client.get_by_role("link", name=re.compile("^Berichten")).click()


def write(page: Page, subject: str, body: str) -> None:
    page.get_by_label("Onderwerp").fill(subject)
    page.get_by_label("Bericht", exact=True).fill(body)


def attach(page: Page, *files: Path) -> None:
    """Upload files in the dialog and wait until the message has them."""
    page.get_by_role("button", name="+ Bijlagen").click()
    pop_up = page.get_by_role("dialog")
    with page.expect_file_chooser() as chooser:
        pop_up.get_by_role("button", name="Bladeren").click()
    chooser.value.set_files(files)
    label = "Upload 1 bestand" if len(files) == 1 else f"Upload {len(files)} bestanden"
    pop_up.get_by_role("button", name=label, exact=True).click()
    for file in files:
        expect(attached(page).filter(has_text=file.name)).to_be_visible()
    expect(pop_up).to_be_hidden()


def attached(page: Page) -> Locator:
    return page.get_by_role("list", name="Bijlagen").get_by_role("listitem")


def send(page: Page) -> None:
    page.get_by_role("button", name="Versturen").locator("visible=true").click()


def write_to(
    handler: Page, correspondence: Correspondence, subject: str, body: str, *to: str
) -> None:
    """Send a message from the office to these parties, or to the client."""
    handler.goto(f"{correspondence.dossier}berichten/nieuw/")
    for name in to or ("Petra Schrijver (Koper)",):
        handler.get_by_label(name).check()
    write(handler, subject, body)
    send(handler)
    handler.get_by_text(re.compile(r"Uw bericht is verstuurd")).wait_for()


def reload_until(page: Page, element: Locator) -> None:
    """Reload until an element is there, since the worker takes its time."""
    for _ in range(WAIT * 2):
        if element.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"not there: {element}")


def download_of(where: Locator, name: str) -> Locator:
    return where.get_by_role("link", name=re.compile(f"^Download.*{re.escape(name)}"))


def downloaded(page: Page, link: Locator) -> bytes:
    """Return the file behind a link, and check that the link does not move."""
    position = link.evaluate(POSITION)
    with page.expect_download() as download:
        link.click()
    assert link.evaluate(POSITION) == position
    return Path(download.value.path()).read_bytes()


def axe_finds_nothing(page: Page) -> None:
    assert [violation["id"] for violation in axe(page)] == []


def test_client_answers_a_question_with_two_copies(
    portal: Portal, handler: Page, correspondence: Correspondence, client: Page, tmp_path: Path
):
    copies = [
        make_pdf(tmp_path, "Paspoort voorkant.pdf"),
        make_pdf(tmp_path, "Paspoort achterkant.pdf"),
    ]
    write_to(
        handler,
        correspondence,
        "Kopie van uw paspoort",
        "Beste mevrouw,\n\nWilt u een kopie sturen?\n\nMarieke de Wit",
    )
    mail = portal.mail(correspondence.email, "Er staat een bericht voor u klaar")
    assert [
        secret
        for secret in ("paspoort", "sturen?", correspondence.number)
        if secret in (mail["text"] + mail["html"]).lower()
    ] == []

    client.goto(link_in(mail))
    expect(client.get_by_text("Er is 1 ongelezen bericht voor u.")).to_be_visible()
    open_messages(client)
    expect(client.locator(".tabs [aria-current]")).to_have_text("Berichten1 1 ongelezen")
    row = client.locator(".rows li")
    expect(row).to_contain_text("Van Marieke de Wit")
    expect(row).to_contain_text("Ongelezen")
    axe_finds_nothing(client)
    row.get_by_role("link").click()
    expect(client.get_by_role("heading", level=1)).to_have_text("Kopie van uw paspoort")
    expect(client.locator("dl").first).to_contain_text("Marieke de Wit")
    axe_finds_nothing(client)

    client.get_by_role("link", name="Beantwoorden").click()
    expect(client.get_by_label("Onderwerp")).to_have_value("RE: Kopie van uw paspoort")
    expect(client.locator("blockquote")).to_contain_text("Wilt u een kopie sturen?")
    client.get_by_label("Bericht", exact=True).fill("Hierbij de voorkant en de achterkant.")
    attach(client, *copies)
    axe_finds_nothing(client)
    send(client)
    expect(client.get_by_role("status")).to_contain_text(
        re.compile(
            r"Uw bericht is op \d+ \w+ \d{4}, \d+\.\d\d uur verstuurd aan Lindehof notarissen\."
        )
    )
    axe_finds_nothing(client)

    client.get_by_role("link", name="Door mij aangeleverd").click()
    expect(client.get_by_role("heading", name="Door mij aangeleverde documenten")).to_be_visible()
    expect(client.locator("input[type=file]")).to_have_count(0)  # manual 2.1.1.4: by message only
    rows = client.locator(".rows li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Bijlage bij uw bericht ‘RE: Kopie van uw paspoort’")
    reload_until(client, download_of(rows, copies[1].name))
    for number, copy in enumerate(copies):
        assert downloaded(client, download_of(rows.nth(number), copy.name)) == copy.read_bytes()
    expect(rows.first.get_by_role("status")).to_contain_text(
        "Gedownload. U vindt het in de map Downloads."
    )
    axe_finds_nothing(client)
    rows.first.get_by_role("link", name="Kopie van uw paspoort").click()
    sent = client.locator(".files li").first
    assert downloaded(client, download_of(sent, copies[0].name)) == copies[0].read_bytes()
    expect(sent.get_by_role("status")).to_contain_text(
        "Gedownload. U vindt het in de map Downloads."
    )

    handler.goto("/kantoor/berichten/")
    handler.get_by_role("link", name="RE: Kopie van uw paspoort").first.click()
    bubble = handler.locator(".thread .incoming").last
    expect(bubble).to_contain_text("Hierbij de voorkant en de achterkant.")
    reload_until(handler, download_of(bubble, copies[0].name))
    axe_finds_nothing(handler)
    with handler.expect_download() as download:
        bubble.get_by_role("link", name="Alles downloaden in één zip").click()
    with ZipFile(download.value.path()) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            copy.name: copy.read_bytes() for copy in copies
        }
    open_messages(client)
    expect(client.locator(".tabs [aria-current]")).to_have_text("Berichten2")
    client.get_by_role("link", name="RE: Kopie van uw paspoort").click()
    expect(client.get_by_text("Gelezen door kantoor op")).to_be_visible()


def test_client_writes_a_new_message(
    handler: Page, correspondence: Correspondence, client: Page, tmp_path: Path
):
    open_messages(client)
    expect(client.get_by_role("heading", name="Nog geen berichten")).to_be_visible()
    client.get_by_role("link", name="Nieuw bericht").click()
    expect(client.get_by_role("heading", level=1)).to_have_text("Nieuw bericht")
    expect(client.locator("dl").first).to_contain_text("Lindehof notarissen")  # no choice of "Aan"
    send(client)
    expect(client.locator(".errors")).to_contain_text("Vul een onderwerp in.")
    expect(client.locator(".errors")).to_contain_text("Vul uw bericht in.")
    write(client, "Kopie stukken", LINE)
    expect(client.locator(".counter")).to_have_text("24 van 4000 tekens")

    client.get_by_label("Bericht", exact=True).fill("x" * 4001)
    maximum = client.get_by_role("alertdialog", name="Maximum bereikt")
    expect(maximum).to_contain_text(
        "Het maximaal aantal van 4000 karakters voor een bericht is bereikt."
        " Meer tekst zal worden verwijderd."
    )
    maximum.get_by_role("button", name="OK").click()
    expect(client.locator(".counter")).to_have_text("4000 van 4000 tekens")

    text = "Regel met een emoji 😀\n" * 173 + "é" * 21
    assert len(text.encode("utf-16-le")) // 2 == 4000
    client.get_by_label("Bericht", exact=True).fill(text)
    right, wrong = make_pdf(tmp_path, "goed.pdf"), make_pdf(tmp_path, "verkeerd.pdf")
    attach(client, right, wrong)
    client.get_by_role("button", name="Verwijder verkeerd.pdf").click()
    expect(attached(client)).to_have_count(1)
    send(client)
    expect(client.get_by_role("status")).to_contain_text("verstuurd aan Lindehof notarissen")
    expect(client.locator(".words")).to_have_text(text, use_inner_text=False)
    expect(client.locator(".files li")).to_have_count(1)
    client.get_by_role("link", name=re.compile("Berichten van")).click()
    row = client.locator(".rows li")
    expect(row).to_contain_text("Aan Lindehof notarissen")
    expect(row).to_contain_text("1 bijlage")


def test_unsent_message_survives_logging_out(
    portal: Portal,
    correspondence: Correspondence,
    client: Page,
    new_page: Callable[..., Page],
    tmp_path: Path,
):
    open_messages(client)
    client.get_by_role("link", name="Nieuw bericht").click()
    write(client, "Half af", "Dit wil ik niet kwijt")
    attach(client, make_pdf(tmp_path, "bewaard.pdf"))
    expect(client.locator("message-draft")).to_have_text(
        re.compile(r"Concept bewaard om \d+\.\d\d")
    )
    address = client.url
    client.get_by_role("button", name="Uitloggen").click()
    second = new_page()
    log_in(second, correspondence.email)
    second.goto(address)
    expect(second.get_by_label("Onderwerp")).to_have_value("Half af")
    expect(second.get_by_label("Bericht", exact=True)).to_have_value("Dit wil ik niet kwijt")
    expect(attached(second)).to_contain_text("bewaard.pdf")
    second.get_by_role("button", name="Versturen").locator("visible=true").dblclick()
    expect(second.get_by_role("status")).to_contain_text("verstuurd aan Lindehof notarissen")
    second.goto(address)
    expect(second.get_by_label("Onderwerp")).to_have_value("")
    open_messages(second)
    expect(second.locator(".rows li")).to_have_count(1)


def test_office_writes_to_two_parties_unseen_by_each_other(
    portal: Portal,
    handler: Page,
    correspondence: Correspondence,
    client: Page,
    new_page: Callable[..., Page],
    tmp_path: Path,
):
    other_email = make_client(handler, surname="Wederpartij")
    admit(handler, correspondence.dossier, other_email, role="Verkoper")
    other = new_page()
    set_password(other, portal, other_email)
    write_to(
        handler,
        correspondence,
        "De afspraak",
        "De akte wordt vrijdag getekend.",
        "Petra Schrijver",
        "Petra Wederpartij",
    )
    open_messages(other)
    other.get_by_role("link", name="De afspraak").click()
    other.get_by_role("link", name="Beantwoorden").click()
    other.get_by_label("Bericht", exact=True).fill("Vrijdag past mij niet.")
    attach(other, make_pdf(tmp_path, "agenda.pdf"))
    send(other)
    expect(other.get_by_role("status")).to_contain_text("verstuurd aan")

    open_messages(client)
    expect(client.locator(".tabs a")).to_have_text(
        ["Correspondentie0", "Documenten0", "Door mij aangeleverd0", "Berichten1 1 ongelezen"]
    )
    client.get_by_role("link", name="De afspraak").click()
    expect(client.locator("body")).not_to_contain_text("Wederpartij")

    handler.goto(f"{correspondence.dossier}berichten/")
    handler.get_by_role("link", name="De afspraak", exact=True).last.click()
    expect(handler.locator(".thread")).to_contain_text("Gelezen door P. Schrijver")
    expect(handler.locator(".thread")).to_contain_text(
        re.compile(r"Ook gestuurd aan Petra Wederpartij\.\s+Gelezen door P\. Wederpartij")
    )


def test_office_answers_with_a_canned_reply_in_its_own_name(
    handler: Page, correspondence: Correspondence, client: Page
):
    open_messages(client)
    client.get_by_role("link", name="Nieuw bericht").click()
    write(client, "Mijn stukken", "Hebt u ze ontvangen?")
    send(client)
    handler.goto(f"{correspondence.dossier}berichten/")
    expect(handler.locator(".tabs [aria-current]")).to_contain_text("1")
    handler.get_by_role("link", name="Mijn stukken").click()
    handler.get_by_label("Sjabloon").select_option(label="Stukken ontvangen")
    handler.get_by_role("button", name="Invoegen").click()
    expect(handler.get_by_label("Bericht", exact=True)).to_have_value(
        re.compile(f"Beste mevrouw Schrijver,.*{correspondence.number}", re.S)
    )
    expect(handler.get_by_label("Bericht", exact=True)).to_be_focused()
    axe_finds_nothing(handler)
    handler.get_by_label("Namens het kantoor").check()
    send(handler)
    handler.get_by_text("Uw bericht is verstuurd.").wait_for()
    open_messages(client)
    expect(client.locator(".rows li").first).to_contain_text("Van Lindehof notarissen")
    client.get_by_role("link", name="RE: Mijn stukken").click()
    expect(client.locator(".words").first).to_contain_text("goed ontvangen")
    expect(client.get_by_role("heading", name="Antwoord op")).to_be_visible()


def test_office_saves_and_deletes_canned_replies(handler: Page, correspondence: Correspondence):
    handler.goto("/kantoor/antwoorden/")
    handler.get_by_role("link", name="Nieuw antwoord").first.click()
    handler.get_by_label("Naam", exact=True).fill("Sleutels")
    handler.get_by_label("Tekst").fill("Beste {aanhef}, over {onzin}")
    handler.get_by_role("button", name="Opslaan").click()
    expect(handler.locator(".errors")).to_contain_text("{onzin} is geen veld.")
    handler.get_by_label("Tekst").fill("Beste {aanhef}, over ")
    handler.get_by_role("button", name="{dossiernummer}").click()
    handler.get_by_role("button", name="Opslaan").click()
    handler.get_by_text("“Sleutels” is opgeslagen.").wait_for()
    handler.get_by_label("Dossiernummer").fill(correspondence.number)
    handler.get_by_role("button", name="Tonen").click()
    expect(handler.locator(".preview")).to_have_text(
        f"Beste mevrouw Schrijver, over {correspondence.number}"
    )
    axe_finds_nothing(handler)
    handler.locator("summary", has_text="Verwijderen").click()
    handler.get_by_role("button", name="Ja, verwijderen").click()
    handler.get_by_text("“Sleutels” is verwijderd.").wait_for()


def test_message_text_survives_closing_of_the_dossier(
    handler: Page, correspondence: Correspondence, client: Page
):
    open_messages(client)
    client.get_by_role("link", name="Nieuw bericht").click()
    write(client, "Te laat", "Dit blijft staan")
    client.get_by_text(
        "Concept bewaard om"
    ).wait_for()  # else the draft may meet the closed dossier
    handler.goto(f"{correspondence.dossier}berichten/")
    handler.locator("select[name=status]").select_option(label="Afgehandeld")
    handler.get_by_role("button", name="Status wijzigen").click()
    handler.get_by_text("De status is gewijzigd").wait_for()
    send(client)
    expect(client.locator(".errors")).to_contain_text(
        "Uw bericht is niet verstuurd: u kunt in dit dossier niet meer schrijven."
    )
    expect(client.get_by_label("Bericht", exact=True)).to_have_value("Dit blijft staan")
    open_messages(client)
    expect(client.get_by_role("link", name="Nieuw bericht")).to_have_count(0)


def test_client_answers_a_question_in_english(
    portal: Portal,
    handler: Page,
    correspondence: Correspondence,
    new_page: Callable[..., Page],
    tmp_path: Path,
):
    client = new_page()
    set_password(client, portal, correspondence.email)
    client.get_by_role("button", name="English").click()
    write_to(handler, correspondence, "Copy of your passport", "Please send us a copy.")
    client.goto("/dossiers/")
    client.get_by_role("link", name=re.compile("^Messages")).click()
    expect(client.locator(".rows li")).to_contain_text("From Marieke de Wit")
    expect(client.locator(".rows li")).to_contain_text("Unread")
    client.get_by_role("link", name="Copy of your passport").click()
    client.get_by_role("link", name="Reply").click()
    client.get_by_label("Message", exact=True).fill("Here it is.")
    expect(client.locator(".counter")).to_have_text("11 of 4000 characters")
    client.get_by_role("button", name="+ Attachments").click()
    pop_up = client.get_by_role("dialog")
    with client.expect_file_chooser() as chooser:
        pop_up.get_by_role("button", name="Browse").click()
    chooser.value.set_files(make_pdf(tmp_path, "passport.pdf"))
    pop_up.get_by_role("button", name="Upload 1 file").click()
    expect(pop_up).to_be_hidden()
    axe_finds_nothing(client)
    client.get_by_role("button", name="Send").locator("visible=true").click()
    expect(client.get_by_role("status")).to_contain_text(
        "Your message was sent to Lindehof notarissen"
    )
    expect(client.locator(".files li")).to_contain_text("passport.pdf")
