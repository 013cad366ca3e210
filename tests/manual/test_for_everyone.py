"""Every screen, on a telephone and a large screen, in both languages: nothing for axe to find, nothing that scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from .conftest import Portal, axe_in_light_and_dark, log_in

pytestmark = pytest.mark.browser

DOOR = [
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
]  # the last one is a large screen at 400%
ASKED, ANSWERED = (
    "Welke stukken hebben wij nog nodig?",
    "Kopie stukken",
)  # in the demo: from the office, and to it


@pytest.mark.parametrize("screens", ["client", "office"])
@pytest.mark.parametrize("size", WIDTHS, ids=["1280", "390"])
def test_every_screen_is_open_to_everyone(
    new_page: Callable[..., Page], size: tuple[int, int], screens: str
):
    """The keyboard reaches everything and the focus is seen; axe finds nothing; every size fits and zoom hides nothing."""
    page = new_page(*size)
    for address in _tour(page, screens):
        _check_keyboard(page, address)
        _check(page)
        if size == WIDTHS[0]:
            _check_sizes(page, address)
            page.set_viewport_size({"width": size[0], "height": size[1]})


@pytest.mark.parametrize("size", [*WIDTHS, (320, 640)], ids=["1280", "390", "320"])
@pytest.mark.parametrize(
    "who", ["sanne@example.nl", "marieke@lindehof.example.nl"], ids=["client", "office"]
)
def test_what_opens_over_a_message_is_open_to_everyone(
    new_page: Callable[..., Page], who: str, size: tuple[int, int]
):
    page = new_page(*size)
    page.emulate_media(reduced_motion="reduce")
    _begin_a_message(page, who)
    page.get_by_role("button", name="+ Bijlagen").click()
    _check(page)
    page.locator("attach-files .plain input").set_input_files(
        [{"name": f"{'Kopie ' * 12}.pdf", "mimeType": "", "buffer": b"x"}]
    )
    page.get_by_role("button", name="Upload 1 bestand").wait_for()
    _check(page)
    page.keyboard.press("Escape")
    page.get_by_label("Bericht", exact=True).fill("n" * 4001)
    page.get_by_role("alertdialog", name="Maximum bereikt").wait_for()
    _check(page)


@pytest.mark.parametrize("size", WIDTHS, ids=["1280", "390"])
@pytest.mark.parametrize(
    "address", ["/inloggen/", "/wachtwoord/verstuurd/", "/wachtwoord/niets/", "/kantoor/inloggen/"]
)
def test_each_way_on_from_the_door_is_a_finger_high(
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
def test_the_gallery_is_open_to_everyone(
    portal: Portal, new_page: Callable[..., Page], size: tuple[int, int]
):
    page = new_page(*size)
    page.goto("/galerij/")
    _check(page)


def test_english_reader_meets_no_dutch(portal: Portal, page: Page):
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


def test_english_colleague_meets_no_dutch(new_page: Callable[..., Page]):
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
    """Each screen in turn, opened in the page; at the end nothing is kept in the browser."""
    for address in _client_screens(page) if screens == "client" else _office_screens(page):
        page.goto(address)
        yield address
    assert page.evaluate(KEPT) == [0, 0, 0]


def _client_screens(page: Page) -> Iterator[str]:
    """The door, and then logged in as a client with several dossiers; the page goes where it likes in between."""
    yield from DOOR
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
        for name in (ASKED, ANSWERED)
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
    # Whatever its subject is: it is that of the newest message, which another test may have written.
    yield from page.locator(".conversations a").evaluate_all(
        "all => all.map((link) => link.getAttribute('href'))"
    )
    page.goto("/kantoor/antwoorden/")
    yield page.locator(".pick-list a").first.get_attribute("href")
    page.context.clear_cookies()
    log_in(page, "ina@lindehof.example.nl", at="/kantoor/inloggen/")
    yield from ("/kantoor/instellingen/", "/kantoor/instellingen/kantoor/")


def _begin_a_message(page: Page, who: str) -> None:
    log_in(page, who, at="/kantoor/inloggen/" if "lindehof" in who else "/inloggen/")
    page.goto("/kantoor/?q=Lindelaan" if "lindehof" in who else "/dossiers/")
    if "lindehof" in who:
        page.locator("table a", has_text="Lindelaan").click()
        page.wait_for_url("**/dossiers/*-*/**")
    page.goto(f"{page.url}berichten/nieuw/")


KEPT = "indexedDB.databases().then((bases) => [localStorage.length, sessionStorage.length, bases.length])"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What stays in place while the page scrolls, and so would cover it when there is little room.
STUCK = """[...document.querySelectorAll("body *")].filter((element) => {
  const style = getComputedStyle(element);
  return ["fixed", "sticky"].includes(style.position) && style.display !== "none" && element.getClientRects().length;
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
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1), y = box.y + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y), label = element.labels?.[0];
  const seen = y >= 0 && y < innerHeight && !!top && (element.contains(top) || top.contains(element) || !!label?.contains(top));
  const outlined = [[element], [element, "::after"], [element.parentElement], [element.closest(".choice, .search, li")]]
    .some(([each, part]) => each && getComputedStyle(each, part).outlineStyle !== "none");
  return { what: `${document.__stops.get(element)} ${element.outerHTML.slice(0, 90)}`, seen, outlined };
})()"""


def _check_keyboard(page: Page, address: str) -> None:
    wanted, reached = page.evaluate(REACHABLE), set()
    for _ in range(2 * wanted):  # a day is four stops: its numbers and its calendar
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found is None:  # past the end of the page
            break
        assert (found["seen"], found["outlined"]) == (True, True), (address, found["what"])
        reached.add(found["what"])
    assert len(reached) >= wanted, (address, wanted, sorted(reached))


def _check_sizes(page: Page, address: str) -> None:
    for width, height in OTHER_SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(WIDER) <= 0, (address, width)
    assert page.evaluate(STUCK) == [], address


def _check(page: Page) -> None:
    found = axe_in_light_and_dark(page)
    assert [
        (page.url, scheme, fault["id"], fault["nodes"][0]["html"][:200]) for scheme, fault in found
    ] == []
    assert page.evaluate(WIDER) <= 0, page.url
