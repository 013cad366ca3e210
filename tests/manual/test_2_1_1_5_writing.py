"""Writing a message (2.1.1.5): counter, cut-off, attachments, draft; on the gallery's form, before a desk of our own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from .conftest import Portal, axe_in_light_and_dark
from .desk import Desk

pytestmark = pytest.mark.browser

PDF = "application/pdf"
MB = 1024 * 1024


@pytest.fixture(scope="module")
def desk(portal: Portal) -> Iterator[Desk]:
    with Desk(portal.url) as desk:
        thread = Thread(target=desk.serve_forever)
        thread.start()
        try:
            yield desk
        finally:
            desk.open.set()
            desk.shutdown()
            thread.join(10)


@pytest.fixture
def new_form(desk: Desk, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens the gallery; afterwards: no error in the page, nothing against the content policy, nothing kept in the browser."""
    desk.empty()
    faults: list[str] = []
    pages: list[Page] = []

    def open_form(width: int = 1280, height: int = 900, **how: bool) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=desk.url, **how
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: (
                faults.append(said.text) if "Content Security Policy" in said.text else None
            ),
        )
        page.goto("/galerij/")
        return page

    yield open_form
    for page in pages:
        if not page.is_closed():
            assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
        page.context.close()
    assert faults == []


@pytest.fixture
def form(new_form: Callable[..., Page]) -> Page:
    return new_form()


def file(name: str = "Volmacht.pdf", *, size: int = 2000, kind: str = PDF) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": (name.encode() * size)[:size]}


def body(page: Page) -> Locator:
    return page.locator("#id_nieuw-body")


def write(page: Page, text: str) -> None:
    """By key, at the end."""
    body(page).press("Control+End")
    body(page).press_sequentially(text)


def stop_the_clock(page: Page) -> None:
    """Loads the page anew; from then on time passes only by `clock.run_for`."""
    page.clock.install(time=0)
    page.reload()
    page.clock.pause_at(3_600_000)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Lets the page go on until something holds at the desk."""
    for _ in range(750):
        if holds():
            return
        page.wait_for_timeout(20)
    raise AssertionError("it did not come to hold")


def popup(page: Page) -> Locator:
    return page.locator("attach-files dialog")


def choose(page: Page, *files: FilePayload | Path) -> None:
    if not popup(page).is_visible():
        page.get_by_role("button", name="+ Bijlagen").click()
    page.locator("attach-files .plain input").set_input_files(list(files))


def attached(page: Page) -> list[str]:
    return page.locator("attach-files .files bdi").all_inner_texts()


def said(page: Page) -> str:
    """What a screen reader was told last."""
    return "".join(page.locator("attach-files p.told").all_text_contents())


def refused(page: Page) -> list[str]:
    return popup(page).locator(".refused p").all_inner_texts()


# The counter


def test_the_counter_shows_what_a_draft_holds_and_follows_each_key(form: Page):
    counter = form.locator("#id_nieuw-body_counter")
    expect(counter).to_have_text("24 van 4000 tekens")
    write(form, "een")
    expect(counter).to_have_text("27 van 4000 tekens")


@pytest.mark.parametrize(
    ("length", "near", "full", "spoken"),
    [
        (3799, False, False, ""),
        (3800, True, False, "Nog 200 tekens"),
        (3999, True, False, "Nog 1 teken"),
        (4000, False, True, "Nog 0 tekens"),
    ],
)
def test_the_counter_warns_and_speaks_within_the_last_200(
    form: Page, length: int, near: bool, full: bool, spoken: str
):
    stop_the_clock(form)
    body(form).fill("a" * length)
    counter = form.locator("#id_nieuw-body_counter")
    marks = [counter.get_attribute(name) is not None for name in ("data-near", "data-full")]
    assert marks == [near, full]
    status = form.locator("message-counter", has=body(form)).get_by_role("status")
    assert status.inner_text() == ""
    form.clock.run_for(1000)
    assert status.text_content() == spoken


def test_too_much_is_cut_off_and_said(form: Page):
    body(form).fill("a" * 3990)
    body(form).evaluate("text => text.setSelectionRange(5, 5)")
    form.keyboard.insert_text("b" * 30)
    dialog = form.get_by_role("alertdialog", name="Maximum bereikt")
    expect(dialog).to_have_accessible_description(
        "Het maximaal aantal van 4000 karakters voor een bericht is bereikt. Meer tekst zal worden verwijderd."
    )
    expect(dialog.get_by_role("button", name="OK")).to_be_focused()
    form.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(body(form)).to_be_focused()
    assert body(form).input_value() == "aaaaa" + "b" * 30 + "a" * 3965
    assert body(form).evaluate("text => [text.selectionStart, text.selectionEnd]") == [35, 35]


FAMILY = "👩‍👩‍👧‍👦"  # 11 units that are one to the eye


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a" * 3999 + "é" * 5, "a" * 3999 + "é"),
        ("a" * 3999 + "😀", "a" * 3999),
        ("a" * 3995 + FAMILY, "a" * 3995),
        ("a" * 3999 + "e\u0301x", "a" * 3999),
        ("a" * 3000 + "\u0301" * 2000, "a" * 3000 + "\u0301" * 1000),
        ("a" * 3900 + "a\r\n" * 51, "a" * 3900 + "a\n" * 50),
    ],
    ids=["letter", "pair", "family", "accent", "endless", "lines"],
)
def test_nothing_is_cut_through(form: Page, text: str, kept: str):
    body(form).fill("")
    form.keyboard.insert_text(text)
    expect(form.get_by_role("alertdialog")).to_be_visible()
    assert body(form).input_value() == kept


def test_a_word_that_is_being_composed_is_not_cut(form: Page):
    body(form).fill("a" * 3999)
    keys = form.context.new_cdp_session(form)
    keys.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    assert len(body(form).input_value()) == 4002
    expect(form.get_by_role("alertdialog")).to_be_hidden()
    keys.send("Input.insertText", {"text": "日本"})
    expect(form.get_by_role("alertdialog")).to_be_visible()
    assert body(form).input_value() == "a" * 3999 + "日"


def test_what_came_back_too_long_can_be_made_shorter(form: Page):
    body(form).evaluate("""text => {
      const counter = text.closest("message-counter");
      text.value = "a".repeat(4100);
      counter.remove();
      document.querySelector(".field-grid").append(counter);
    }""")
    expect(form.locator("#id_nieuw-body_counter")).to_have_text("4100 van 4000 tekens")
    body(form).press("Control+End")
    form.keyboard.press("Backspace")
    assert len(body(form).input_value()) == 4099
    expect(form.get_by_role("alertdialog")).to_be_hidden()


PIECES = st.sampled_from(
    [
        "\r\n",
        "\r",
        "\n",
        "\n\r",
        FAMILY,
        "😀",
        "e\u0301",
        "\u2028",
        "\u2029",
        "\ud800",
        "\udc00",
        "\x00",
        "\ufeff",
        "é",
        "a",
    ]
)
TEXTS = st.lists(
    st.lists(PIECES | st.characters(), max_size=30).map("".join), min_size=20, max_size=60
)
COUNTED = """texts => texts.map(([units, room]) => {
  const text = document.querySelector("#id_nieuw-body"), dialog = text.closest("message-counter").querySelector("dialog");
  const write = (value) => {
    for (const each of ["", value]) {
      text.value = each;
      text.dispatchEvent(new InputEvent("input"));
    }
  };
  const typed = String.fromCharCode(...units);
  write("a".repeat(room) + typed);
  const fits = [text.closest("message-counter").querySelector(".counter").textContent, dialog.open];
  write("a".repeat(room + 1) + typed);
  const cut = [text.value.length <= 4000, dialog.open];
  dialog.close();
  return [...fits, ...cut];
})"""


def test_the_browser_counts_as_the_server(form: Page):
    """4000 by the server's rule fits, and one more does not, whatever the text is made of. None of it need be drawn."""
    form.evaluate("document.documentElement.hidden = true")

    @settings(
        max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(TEXTS)
    def same(texts: list[str]) -> None:
        def units(text: str) -> list[int]:
            octets = text.encode("utf-16-le", "surrogatepass")
            return [
                int.from_bytes(octets[at : at + 2], "little") for at in range(0, len(octets), 2)
            ]

        def count(text: str) -> int:
            return (
                len(
                    text.replace("\r\n", "\n")
                    .replace("\r", "\n")
                    .encode("utf-16-le", "surrogatepass")
                )
                // 2
            )

        told = form.evaluate(COUNTED, [[units(text), 4000 - count(text)] for text in texts])
        assert told == [["4000 van 4000 tekens", False, True, True]] * len(texts)

    same()


# Attachments


def test_the_popup_opens_and_leaves_by_keyboard(form: Page):
    opener = form.get_by_role("button", name="+ Bijlagen")
    opener.press("Enter")
    expect(form.get_by_role("dialog", name="Bijlagen toevoegen")).to_be_visible()
    expect(popup(form).get_by_role("button", name="Bladeren")).to_be_focused()
    form.keyboard.press("Escape")
    expect(popup(form)).to_be_hidden()
    expect(opener).to_be_focused()


def test_browse_takes_one_file_or_many_and_more(form: Page):
    form.get_by_role("button", name="+ Bijlagen").click()
    with form.expect_file_chooser() as chooser:
        popup(form).get_by_role("button", name="Bladeren").press("Enter")
    assert chooser.value.is_multiple()
    chooser.value.set_files([file("Kopie.pdf")])
    expect(popup(form).get_by_role("button", name="Upload 1 bestand", exact=True)).to_be_focused()
    with form.expect_file_chooser() as chooser:
        popup(form).get_by_role("button", name="+ Meer toevoegen").click()
    chooser.value.set_files([file("Foto.png", kind="image/png"), file("Akte.docx")])
    expect(form.get_by_role("dialog", name="3 bestanden gekozen")).to_be_visible()
    expect(popup(form).get_by_role("button", name="Upload 3 bestanden")).to_be_visible()
    assert popup(form).locator(".file-cards small").all_inner_texts() == [
        "pdf, 2 kB",
        "foto, 2 kB",
        "docx, 2 kB",
    ]


def test_files_can_be_dragged_onto_it(form: Page):
    form.get_by_role("button", name="+ Bijlagen").click()
    drag = form.evaluate_handle("""() => {
      const data = new DataTransfer();
      data.items.add(new File(["a"], "Een.pdf", { type: "application/pdf" }));
      data.items.add(new File(["b"], "Twee.pdf", { type: "application/pdf" }));
      return data;
    }""")
    zone = popup(form).locator(".drop")
    zone.dispatch_event("dragover", {"dataTransfer": drag})
    expect(zone).to_have_class("drop over")
    zone.dispatch_event("drop", {"dataTransfer": drag})
    assert popup(form).locator(".file-cards bdi").all_inner_texts() == ["Een.pdf", "Twee.pdf"]


def test_the_black_cross_takes_one_away_and_the_focus_goes_on(form: Page):
    choose(form, file("Kopie.pdf"), file("Volmacht.pdf"))
    popup(form).get_by_role("button", name="Verwijder Kopie.pdf").press("Enter")
    assert said(form) == "Kopie.pdf verwijderd"
    expect(popup(form).get_by_role("button", name="Verwijder Volmacht.pdf")).to_be_focused()
    form.keyboard.press("Enter")
    expect(popup(form).get_by_role("button", name="Bladeren")).to_be_focused()


def test_what_was_uploaded_stands_in_the_message(form: Page, desk: Desk):
    before = attached(form)
    files = [file("Kopie paspoort.pdf", size=9 * MB), file("Foto.png", kind="image/png")]
    choose(form, *files)
    popup(form).get_by_role("button", name="Upload 2 bestanden").click()
    expect(popup(form)).to_be_hidden()
    assert sorted(attached(form)) == sorted([*before, "Kopie paspoort.pdf", "Foto.png"])
    expect(form.get_by_role("button", name="+ Bijlagen")).to_be_focused()
    assert said(form) == "2 bijlagen toegevoegd. Uw bericht is nog niet verstuurd."
    numbers = form.locator("attach-files input[name=files]").evaluate_all(
        "all => all.slice(-2).map((input) => input.value)"
    )
    assert set(numbers) == set(desk.uploads)
    token = form.locator("form[enctype] [name=csrfmiddlewaretoken]").input_value()
    assert {
        (upload.name, bytes(upload.content), upload.token) for upload in desk.uploads.values()
    } == {(each["name"], each["buffer"], token) for each in files}
    assert [act for act in desk.asked if act.startswith("PATCH")].count(
        f"PATCH {8 * MB}"
    ) == 1  # pieces of 4 MB


def test_what_cannot_be_sent_is_refused_before_anything_is_sent(
    form: Page, desk: Desk, tmp_path: Path
):
    large = tmp_path / "Groot.pdf"
    large.write_bytes(b"x" * (25 * MB + 1))
    choose(form, large, file_on(tmp_path, "Leeg.pdf", b""), file_on(tmp_path, "Dans.mp4", b"x"))
    assert refused(form) == [
        "“Groot.pdf” is groter dan 25 MB. Maak het kleiner of splits het.",
        "“Leeg.pdf” is leeg. Kies een ander bestand.",
        "“Dans.mp4” is een soort bestand dat niet kan. Kies bijvoorbeeld een pdf of een foto.",
    ]
    assert popup(form).locator(".file-cards li").count() == 0
    choose(
        form, *(file(f"{number}.pdf") for number in range(20))
    )  # two stand in the message already
    assert refused(form) == [
        "Bij een bericht passen maximaal 20 bestanden. Stuur de andere met een volgend bericht."
    ]
    assert popup(form).locator(".file-cards li").count() == 18
    assert desk.asked == []


def test_what_was_chosen_twice_is_there_once(form: Page, tmp_path: Path):
    paper = file_on(tmp_path, "Kopie.pdf", b"%PDF")
    choose(form, paper)
    choose(form, paper)
    assert refused(form) == ["“Kopie.pdf” was al gekozen."]
    assert popup(form).locator(".file-cards li").count() == 1


def file_on(folder: Path, name: str, content: bytes) -> Path:
    """A file on the disk, which has a date of its own."""
    (folder / name).write_bytes(content)
    return folder / name


def test_the_server_says_why_and_it_can_be_tried_again(form: Page, desk: Desk):
    desk.refusal = (422, "text/plain; charset=utf-8", "In “Volmacht.pdf” zit een virus.")
    choose(form, file())
    popup(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(popup(form).locator(".failed p")).to_have_text("In “Volmacht.pdf” zit een virus.")
    assert said(form) == "In “Volmacht.pdf” zit een virus."
    desk.refusal = None
    popup(form).get_by_role("button", name=re.compile(r"Opnieuw ?: Volmacht\.pdf")).click()
    expect(popup(form)).to_be_hidden()
    assert attached(form)[-1] == "Volmacht.pdf"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (413, "“Volmacht.pdf” is groter dan 25 MB. Maak het kleiner of splits het."),
        (
            415,
            "“Volmacht.pdf” is een soort bestand dat niet kan. Kies bijvoorbeeld een pdf of een foto.",
        ),
        (403, "Het portaal antwoordt nu niet. Probeer het over een paar minuten opnieuw."),
    ],
)
def test_a_refusal_without_words_gets_ours(form: Page, desk: Desk, status: int, words: str):
    desk.refusal = (status, "text/html", "<h1>Nee</h1>")
    choose(form, file())
    popup(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(popup(form).locator(".failed p")).to_have_text(words)


def test_one_that_failed_can_be_left_out(form: Page, desk: Desk):
    desk.refuses = "Fout.pdf"
    choose(form, file("Goed.pdf"), file("Fout.pdf"))
    popup(form).get_by_role("button", name="Upload 2 bestanden").click()
    expect(popup(form).locator("li[data-state=done] bdi")).to_have_text("Goed.pdf")
    expect(popup(form).locator("li[data-state=failed] bdi")).to_have_text("Fout.pdf")
    expect(popup(form).get_by_role("button", name="Upload 1 bestand", exact=True)).to_be_visible()
    popup(form).get_by_role("button", name="Verwijder Fout.pdf").click()
    expect(popup(form)).to_be_hidden()
    assert attached(form)[-1] == "Goed.pdf"


def test_after_a_break_it_goes_on_where_it_was(form: Page, desk: Desk):
    desk.breaks = 1
    paper = file("Akte.pdf", size=6 * MB)
    choose(form, paper)
    popup(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(popup(form)).to_be_hidden()
    [upload] = desk.uploads.values()
    assert bytes(upload.content) == paper["buffer"]
    assert "HEAD" in desk.asked
    assert f"PATCH {2 * MB}" in desk.asked
    assert desk.asked.count("POST") == 1


def test_a_server_that_is_silent_for_a_minute_counts_as_broken_off(form: Page, desk: Desk):
    stop_the_clock(form)
    desk.open.clear()
    choose(form, file())
    popup(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(popup(form).locator("progress")).to_have_js_property("value", 100)
    form.clock.run_for(59_000)
    expect(popup(form).locator("li")).to_have_attribute("data-state", "going")
    form.clock.run_for(2000)
    expect(popup(form)).to_be_hidden()  # it asked how far it was: all had arrived
    assert (attached(form)[-1], "HEAD" in desk.asked) == ("Volmacht.pdf", True)


def test_without_a_connection_it_waits_and_goes_on(form: Page, desk: Desk):
    choose(form, file())
    form.context.set_offline(True)
    popup(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(popup(form).locator(".waiting")).to_have_text(
        "De verbinding is weg. Het uploaden gaat vanzelf verder."
    )
    form.context.set_offline(False)
    expect(popup(form)).to_be_hidden()
    assert attached(form)[-1] == "Volmacht.pdf"


def test_a_file_that_changed_meanwhile_says_so(form: Page, tmp_path: Path):
    paper = tmp_path / "Kopie.pdf"
    paper.write_bytes(b"%PDF" * 1000)
    choose(form, paper)
    paper.write_bytes(b"%PDF-1.7" * 9000)
    popup(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(popup(form).locator(".failed p")).to_have_text(
        "“Kopie.pdf” is tijdens het uploaden gewijzigd of verplaatst. Verwijder het en kies het opnieuw."
    )


def test_cancel_leaves_nothing_behind(form: Page, desk: Desk):
    before = attached(form)
    desk.open.clear()
    choose(form, file("Een.pdf"), file("Twee.pdf"))
    popup(form).get_by_role("button", name="Upload 2 bestanden").click()
    expect(popup(form).locator("li[data-state=going]")).to_have_count(2)
    until(form, lambda: [bool(upload.content) for upload in desk.uploads.values()] == [True, True])
    form.keyboard.press("Escape")
    expect(popup(form)).to_be_hidden()
    desk.open.set()
    until(form, lambda: not desk.uploads)
    assert attached(form) == before
    choose(form, file("Drie.pdf"))
    assert popup(form).locator(".file-cards bdi").all_inner_texts() == ["Drie.pdf"]


def test_leaving_while_it_uploads_asks_first(form: Page, desk: Desk):
    desk.open.clear()
    choose(form, file())
    popup(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(popup(form).locator("li[data-state=going]")).to_be_visible()
    with form.expect_event("dialog") as asked:
        form.once("dialog", lambda dialog: dialog.dismiss())
        form.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    desk.open.set()
    expect(popup(form)).to_be_hidden()


def test_the_bin_takes_it_away_at_the_server_too(form: Page, desk: Desk):
    choose(form, file("Volmacht.pdf"))
    popup(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(popup(form)).to_be_hidden()
    lines = form.locator("attach-files .files li")
    lines.nth(2).get_by_role("button", name="Verwijder Volmacht.pdf").press("Enter")
    expect(lines).to_have_count(2)
    assert (desk.uploads, desk.asked[-1]) == ({}, "DELETE")
    assert said(form) == "Volmacht.pdf verwijderd"
    expect(lines.nth(1).get_by_role("button")).to_be_focused()
    form.keyboard.press("Enter")
    expect(lines).to_have_count(1)
    expect(lines.nth(0).get_by_role("button")).to_be_focused()
    form.keyboard.press("Enter")
    expect(form.get_by_role("button", name="+ Bijlagen")).to_be_focused()


def test_what_the_server_keeps_stays_in_the_message(form: Page, desk: Desk):
    desk.refusal = (500, "text/html", "")
    form.locator("attach-files .files li").first.get_by_role("button").click()
    expect(form.locator("attach-files > .told")).to_have_text(
        "Volmacht partner.pdf kon niet worden verwijderd. Probeer het opnieuw."
    )
    assert len(attached(form)) == 2


def test_enter_in_a_field_presses_no_bin(form: Page, desk: Desk):
    form.get_by_label("Onderwerp").first.press("Enter")
    form.wait_for_load_state()
    assert (desk.sent, desk.asked) == (1, [])


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_popup_is_open_to_everyone(new_form: Callable[..., Page], desk: Desk, width: int):
    page = new_form(width, 800)
    page.emulate_media(reduced_motion="reduce")
    desk.refusal = (422, "text/plain", "In dit bestand zit een virus.")
    page.get_by_role("button", name="+ Bijlagen").click()
    check(page)
    choose(
        page, file("Een heel lange naam van een bestand " * 3 + ".pdf"), file("Leeg.pdf", size=0)
    )
    check(page)
    popup(page).locator(".upload").click()
    expect(popup(page).locator(".failed p")).to_be_visible()
    check(page)
    small = page.locator("attach-files dialog .remove, attach-files dialog .again").evaluate_all(
        "all => all.filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect()).filter((b) => b.height < 44)"
    )
    assert small == []


def check(page: Page) -> None:
    found = axe_in_light_and_dark(page)
    assert [(scheme, fault["id"], fault["nodes"][0]["html"][:200]) for scheme, fault in found] == []
    assert (
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        <= 0
    )
    assert popup(page).evaluate("dialog => dialog.scrollWidth - dialog.clientWidth") <= 0


def test_without_javascript_it_is_a_plain_file_input(new_form: Callable[..., Page]):
    page = new_form(java_script_enabled=False)
    plain = page.get_by_label("Bijlagen (niet verplicht)")
    expect(plain).to_be_visible()
    facts = {name: plain.get_attribute(name) for name in ("name", "type", "multiple")}
    assert facts == {"name": "upload", "type": "file", "multiple": ""}
    bins = page.locator("attach-files .files button")
    assert [(bins.nth(0).get_attribute(name)) for name in ("name", "type")] == ["remove", None]
    expect(page.get_by_role("button", name="+ Bijlagen")).to_have_count(0)


# The draft


def test_a_draft_is_kept_two_seconds_after_the_last_key(form: Page, desk: Desk):
    stop_the_clock(form)
    write(form, "een")
    form.clock.run_for(1900)
    assert desk.drafts == []
    form.clock.run_for(100)
    expect(form.locator("message-draft")).to_have_text("Concept bewaard om 10.42")
    [draft] = desk.drafts
    assert sorted(draft) == [
        "csrfmiddlewaretoken",
        "files",
        "nieuw-body",
        "nieuw-subject",
        "submission",
    ]
    assert draft["nieuw-body"].endswith("Hierbij zend ik een")
    expect(form.locator("form [name=submission]")).to_have_value("6f1c0b52")
    form.clock.run_for(20_000)
    assert len(desk.drafts) == 1


def test_a_draft_is_kept_when_the_page_is_left(form: Page, desk: Desk):
    write(form, "een")
    form.goto("about:blank")
    form.goto("/galerij/")
    assert [draft["nieuw-body"][-3:] for draft in desk.drafts] == ["een"]


def test_an_attachment_belongs_to_the_draft(form: Page, desk: Desk):
    stop_the_clock(form)
    form.locator("attach-files .files li").first.get_by_role("button").click()
    expect(form.locator("attach-files .files li")).to_have_count(1)
    form.clock.run_for(2000)
    expect(form.locator("message-draft")).to_have_text("Concept bewaard om 10.42")


def test_a_draft_that_was_not_kept_is_tried_again(form: Page, desk: Desk):
    stop_the_clock(form)
    desk.draft_answer = (500, "")
    write(form, "een")
    form.clock.run_for(2000)
    expect(form.locator("message-draft")).to_have_text(
        "Het concept is nog niet bewaard. Dat wordt vanzelf opnieuw geprobeerd."
    )
    desk.draft_answer = (200, {"kept": "10.43"})
    form.clock.run_for(10_000)
    expect(form.locator("message-draft")).to_have_text("Concept bewaard om 10.43")


def test_a_message_that_was_sent_elsewhere_says_so(form: Page, desk: Desk):
    stop_the_clock(form)
    desk.draft_answer = (409, {"sent": "/berichten/1/"})
    write(form, "een")
    form.clock.run_for(2000)
    expect(form.locator("message-draft")).to_have_text(
        "Dit bericht is al verstuurd, in een ander venster. Bekijk het bericht"
    )
    expect(form.get_by_role("link", name="Bekijk het bericht")).to_have_attribute(
        "href", "/berichten/1/"
    )
    write(form, "twee")
    form.clock.run_for(20_000)
    assert len(desk.drafts) == 1


def test_a_double_click_sends_once_and_no_draft_follows(form: Page, desk: Desk):
    stop_the_clock(form)
    write(form, "een")
    send = form.locator("form[enctype] .buttons button:not([type])")
    send.dblclick()
    form.clock.run_for(5000)
    form.wait_for_load_state()
    expect(send).to_be_enabled()
    assert (desk.sent, desk.drafts) == (1, [])
