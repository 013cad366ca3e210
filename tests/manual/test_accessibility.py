"""Accessibility of every screen, on a phone and a large screen, and its two languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from .conftest import Portal, axe_in_light_and_dark, log_in

pytestmark = pytest.mark.browser

LOGIN = [
    "/inloggen/",
    "/welkom/",
    "/wachtwoord/",
    "/wachtwoord/verstuurd/",
    "/wachtwoord/niets/",
    "/bestaat-niet/",
    "/offline/",
]
CLIENT = ["/", "/acties/", "/mijn-gegevens/", "/dossiers/", "/dossiers/?q=niets"]
OFFICE = [
    *(
        "/kantoor/",
        "/kantoor/dossiers/nieuw/",
        "/kantoor/clienten/",
        "/kantoor/clienten/nieuw/",
        "/kantoor/niet-bezorgd/",
    ),
    *("/kantoor/berichten/", "/kantoor/antwoorden/", "/kantoor/antwoorden/nieuw/"),
]
WIDTHS = [(1280, 900), (390, 844)]
OTHER_SIZES = [
    (320, 640),
    (768, 1024),
    (1680, 1000),
    (320, 256),
]  # the last is a large screen at 400 %
# Subjects in the demo.
FROM_OFFICE, TO_OFFICE = "Welke stukken hebben wij nog nodig?", "Kopie stukken"


@pytest.mark.parametrize("screens", ["client", "office"])
@pytest.mark.parametrize("size", WIDTHS, ids=["1280", "390"])
def test_every_screen_is_accessible(
    new_page: Callable[..., Page], size: tuple[int, int], screens: str
):
    """Check the keyboard and its visible focus, the findings of axe, and every width."""
    page = new_page(*size)
    for address in _tour(page, screens):
        _check_keyboard(page, address)
        _check_accessible(page)
        if size == WIDTHS[0]:
            _check_sizes(page, address)
            page.set_viewport_size({"width": size[0], "height": size[1]})


@pytest.mark.parametrize("size", [*WIDTHS, (320, 640)], ids=["1280", "390", "320"])
@pytest.mark.parametrize(
    "email", ["sanne@example.nl", "marieke@lindehof.example.nl"], ids=["client", "office"]
)
def test_dialogs_over_a_message_are_accessible(
    new_page: Callable[..., Page], email: str, size: tuple[int, int]
):
    page = new_page(*size)
    page.emulate_media(reduced_motion="reduce")
    _start_a_message(page, email)
    page.get_by_role("button", name="+ Bijlagen").click()
    _check_accessible(page)
    page.locator("attach-files .plain input").set_input_files(
        [{"name": f"{'Kopie ' * 12}.pdf", "mimeType": "", "buffer": b"x"}]
    )
    page.get_by_role("button", name="Upload 1 bestand").wait_for()
    _check_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_label("Bericht", exact=True).fill("n" * 4001)
    page.get_by_role("alertdialog", name="Maximum bereikt").wait_for()
    _check_accessible(page)


@pytest.mark.parametrize("size", WIDTHS, ids=["1280", "390"])
@pytest.mark.parametrize(
    "address", ["/inloggen/", "/wachtwoord/verstuurd/", "/wachtwoord/niets/", "/kantoor/inloggen/"]
)
def test_links_of_login_pages_are_at_least_44_pixels_high(
    portal: Portal, new_page: Callable[..., Page], size: tuple[int, int], address: str
):
    page = new_page(*size)
    page.goto(address)
    boxes = [
        link.bounding_box() or {}
        for link in page.locator("main a:not(.notice a), .page-footer a").all()
    ]
    assert [round(box["height"]) for box in boxes if box["height"] < 44] == []
    assert [
        one for one, other in pairwise(boxes) if one["y"] + one["height"] > other["y"] + 1
    ] == []


@pytest.mark.parametrize("size", WIDTHS, ids=["1280", "390"])
def test_gallery_is_accessible(
    portal: Portal, new_page: Callable[..., Page], size: tuple[int, int]
):
    page = new_page(*size)
    page.goto("/galerij/")
    _check_accessible(page)


def test_english_client_sees_no_dutch(portal: Portal, page: Page):
    page.goto("/inloggen/")
    page.get_by_role("button", name="English").click()
    page.get_by_label("E-mail address").fill("tamar@example.nl")
    page.get_by_label("Password", exact=True).fill("Lindebloesem7")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("link", name="My details").first).to_be_visible()
    page.goto("/dossiers/?q=Nalatenschap")
    dossier = page.locator(".rows a.title").get_attribute("href")
    for address, words in (
        ("/", ["Dossiers", "Actions", "My details", "New for you", "Log out"]),
        ("/mijn-gegevens/", ["Set language", "Notifications", "Save"]),
        ("/dossiers/?q=Kanaalweg", ["Waiting for the client", "Progress (5/7)"]),
        (f"{dossier}berichten/", ["All messages", "New message", "To", "From"]),
        (
            f"{dossier}berichten/nieuw/",
            ["Subject", "0 of 4000 characters", "+ Attachments", "Send"],
        ),
        (f"{dossier}aangeleverd/", ["Documents provided by me", "Send a new message"]),
    ):
        page.goto(address)
        text = page.locator("body").inner_text()
        assert [word for word in words if word not in text] == []
        dutch = ["Acties", "Uitloggen", "Opslaan", "Voortgang", "Behandelaar", "ongelezen"]
        assert [word for word in dutch if word in text] == []
        assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/mijn-gegevens/")
    page.get_by_role("button", name="Nederlands").click()


def test_english_colleague_sees_no_dutch(new_page: Callable[..., Page]):
    page = new_page()
    log_in(page, "fatima@lindehof.example.nl", at="/kantoor/inloggen/")
    page.get_by_role("button", name="English").click()
    page.goto("/kantoor/?q=Lindelaan")
    for words in (
        ["New dossier", "Handler", "In progress", "Log out"],
        ["Publish a document", "Parties and access", "History"],
    ):
        text = page.locator("body").inner_text()
        assert [word for word in words if word not in text] == []
        assert [
            word
            for word in ("Behandelaar", "Uitloggen", "Partijen", "Historie", "Zoek")
            if word in text
        ] == []
        page.locator("table a, .breadcrumb a").first.click()
    for address, words in (
        ("/kantoor/berichten/", ["Unread messages", "Wanneer is de verklaring klaar?"]),
        ("/kantoor/antwoorden/", ["Standard replies", "New standard reply", "Whole office"]),
    ):
        page.goto(address)
        text = page.locator("body").inner_text()
        assert [word for word in words if word not in text] == []
        assert [
            word for word in ("Ongelezen", "Sinds", "Van", "Heel kantoor") if word in text
        ] == []
    page.get_by_role("button", name="Nederlands").click()


def _tour(page: Page, screens: str) -> Iterator[str]:
    """Open each screen in turn. At the end, check that the browser stored nothing."""
    for address in _client_screens(page) if screens == "client" else _office_screens(page):
        page.goto(address)
        yield address
    assert page.evaluate(STORED) == [0, 0, 0]


def _client_screens(page: Page) -> Iterator[str]:
    """Yield the login pages and then a client's pages; the page moves on in between."""
    yield from LOGIN
    log_in(page, "tamar@example.nl")
    page.goto("/dossiers/")
    dossier = page.locator(".rows a.title", has_text="Hypotheek").get_attribute("href")
    yield from CLIENT
    yield from (f"{dossier}{tab}" for tab in ("", "documenten/", "aangeleverd/", "berichten/"))
    page.context.clear_cookies()
    log_in(page, "sanne@example.nl")
    page.goto("/dossiers/")
    dossier = page.url
    yield from (f"{dossier}{tab}" for tab in ("aangeleverd/", "berichten/", "berichten/nieuw/"))
    page.goto(f"{dossier}berichten/")
    received, sent = (
        page.get_by_role("link", name=name, exact=True).get_attribute("href")
        for name in (FROM_OFFICE, TO_OFFICE)
    )
    yield from (received, sent, f"{received}antwoord/")


def _office_screens(page: Page) -> Iterator[str]:
    yield "/kantoor/inloggen/"
    log_in(page, "marieke@lindehof.example.nl", at="/kantoor/inloggen/")
    page.goto("/kantoor/?q=Lindelaan")
    dossier = page.locator("table a", has_text="Lindelaan").get_attribute("href")
    yield from OFFICE
    yield from (f"{dossier}{part}" for part in ("", "voortgang/", "historie/", "partijen/nieuw/"))
    yield from (f"{dossier}{part}" for part in ("berichten/", "berichten/nieuw/"))
    page.goto(f"{dossier}berichten/")
    # Not by subject: another test may have written the newest message.
    yield from page.locator(".conversations a").evaluate_all(
        "all => all.map((link) => link.getAttribute('href'))"
    )
    page.goto("/kantoor/antwoorden/")
    yield page.locator(".pick-list a").first.get_attribute("href")
    page.context.clear_cookies()
    log_in(page, "ina@lindehof.example.nl", at="/kantoor/inloggen/")
    yield from ("/kantoor/instellingen/", "/kantoor/instellingen/kantoor/")


def _start_a_message(page: Page, email: str) -> None:
    log_in(page, email, at="/kantoor/inloggen/" if "lindehof" in email else "/inloggen/")
    page.goto("/kantoor/?q=Lindelaan" if "lindehof" in email else "/dossiers/")
    if "lindehof" in email:
        page.locator("table a", has_text="Lindelaan").click()
        page.wait_for_url("**/dossiers/*-*/**")
    page.goto(f"{page.url}berichten/nieuw/")


STORED = """indexedDB.databases().then((bases) =>
  [localStorage.length, sessionStorage.length, bases.length])"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Elements that stay in place while the page scrolls: they would cover a small page.
PINNED = """[...document.querySelectorAll("body *")].filter((element) => {
  const style = getComputedStyle(element);
  const pinned = ["fixed", "sticky"].includes(style.position) && style.display !== "none";
  return pinned && element.getClientRects().length;
}).map((element) => element.outerHTML.slice(0, 80))"""
REACHABLE = """(() => {
  const seen = (element) => element.checkVisibility() && !element.closest("dialog:not([open])");
  const kinds = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  const stops = [...document.querySelectorAll(kinds)].filter(seen);
  const radios = stops.filter((element) => element.type === "radio");
  return stops.length - radios.length + new Set(radios.map((element) => element.name)).size;
})()"""
FOCUS = """(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  document.__stops ??= new Map();
  if (!document.__stops.has(element)) document.__stops.set(element, document.__stops.size);
  const box = element.getBoundingClientRect();
  const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1);
  const y = box.y + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y);
  const isOnTop = (each) => each?.contains(top) || top.contains(each);
  const seen = !!top && y >= 0 && y < innerHeight &&
    (isOnTop(element) || !!element.labels?.[0]?.contains(top));
  const places = [[element], [element, "::after"], [element.parentElement],
    [element.closest(".choice, .search, li")]];
  const outlined = places.some(
    ([each, part]) => each && getComputedStyle(each, part).outlineStyle !== "none");
  const stop = `${document.__stops.get(element)} ${element.outerHTML.slice(0, 90)}`;
  return { stop, seen, outlined };
})()"""


def _check_keyboard(page: Page, address: str) -> None:
    expected, reached = page.evaluate(REACHABLE), set()
    for _ in range(2 * expected):  # a date has four stops: its numbers and its calendar
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:  # past the end of the page
            break
        assert focus["seen"], (address, focus["stop"])
        assert focus["outlined"], (address, focus["stop"])
        reached.add(focus["stop"])
    assert len(reached) >= expected, (address, expected, sorted(reached))


def _check_sizes(page: Page, address: str) -> None:
    for width, height in OTHER_SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(OVERFLOW) <= 0, (address, width)
    assert page.evaluate(PINNED) == [], address


def _check_accessible(page: Page) -> None:
    assert [
        (page.url, scheme, violation["id"], violation["nodes"][0]["html"][:200])
        for scheme, violation in axe_in_light_and_dark(page)
    ] == []
    assert page.evaluate(OVERFLOW) <= 0, page.url
