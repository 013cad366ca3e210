"""Form of a message (manual 2.1.1.5), in the gallery: counter, attachments, draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from tests.corpus import FAMILY

from .conftest import Portal, axe_in_light_and_dark
from .proxy import FormProxy

pytestmark = pytest.mark.browser

PDF = "application/pdf"
MB = 1024 * 1024


@pytest.fixture(scope="module")
def proxy(portal: Portal) -> Iterator[FormProxy]:
    with FormProxy(portal.url) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.may_answer.set()
            server.shutdown()
            thread.join(10)


@pytest.fixture
def new_form(proxy: FormProxy, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the gallery in a browser context of its own.

    Afterwards, check that no script failed, that nothing violated the content policy, and that the
    browser stored nothing.
    """
    proxy.reset()
    errors: list[str] = []
    pages: list[Page] = []

    def open_form(width: int = 1280, height: int = 900, **how: bool) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=proxy.url, **how
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        page.goto("/galerij/")
        return page

    yield open_form
    for page in pages:
        if not page.is_closed():
            assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
        page.context.close()
    assert errors == []


@pytest.fixture
def form(new_form: Callable[..., Page]) -> Page:
    return new_form()


def file(name: str = "Volmacht.pdf", *, size: int = 2000, kind: str = PDF) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": (name.encode() * size)[:size]}


def body(page: Page) -> Locator:
    return page.locator("#id_nieuw-body")


def write(page: Page, text: str) -> None:
    """Type at the end of the text."""
    body(page).press("Control+End")
    body(page).press_sequentially(text)


def stop_the_clock(page: Page) -> None:
    """Reload the page with a clock that only `clock.run_for` moves."""
    page.clock.install(time=0)
    page.reload()
    page.clock.pause_at(3_600_000)


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Let the page run until a condition holds, for 15 seconds at most."""
    for _ in range(750):
        if holds():
            return
        page.wait_for_timeout(20)
    raise AssertionError("the condition did not hold in time")


def dialog(page: Page) -> Locator:
    return page.locator("attach-files dialog")


def choose(page: Page, *files: FilePayload | Path) -> None:
    if not dialog(page).is_visible():
        page.get_by_role("button", name="+ Bijlagen").click()
    page.locator("attach-files .plain input").set_input_files(list(files))


def attached(page: Page) -> list[str]:
    return page.locator("attach-files .files bdi").all_inner_texts()


def announced(page: Page) -> str:
    """Return the text that was announced last to screen readers."""
    return "".join(page.locator("attach-files p.announcement").all_text_contents())


def problems(page: Page) -> list[str]:
    return dialog(page).locator(".problems p").all_inner_texts()


# The counter


def test_counter_shows_length_of_draft_and_follows_each_key(form: Page):
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
def test_counter_warns_and_speaks_within_last_200_characters(
    form: Page, length: int, near: bool, full: bool, spoken: str
):
    stop_the_clock(form)
    body(form).fill("a" * length)
    counter = form.locator("#id_nieuw-body_counter")
    assert (counter.get_attribute("data-near") is not None) == near
    assert (counter.get_attribute("data-full") is not None) == full
    status = form.locator("message-counter", has=body(form)).get_by_role("status")
    assert status.inner_text() == ""
    form.clock.run_for(1000)
    assert status.text_content() == spoken


def test_excess_text_is_cut_off_with_a_notice(form: Page):
    body(form).fill("a" * 3990)
    body(form).evaluate("text => text.setSelectionRange(5, 5)")
    form.keyboard.insert_text("b" * 30)
    notice = form.get_by_role("alertdialog", name="Maximum bereikt")
    expect(notice).to_have_accessible_description(
        "Het maximaal aantal van 4000 karakters voor een bericht is bereikt."
        " Meer tekst zal worden verwijderd."
    )
    expect(notice.get_by_role("button", name="OK")).to_be_focused()
    form.keyboard.press("Enter")
    expect(notice).to_be_hidden()
    expect(body(form)).to_be_focused()
    assert body(form).input_value() == "aaaaa" + "b" * 30 + "a" * 3965
    assert body(form).evaluate("text => [text.selectionStart, text.selectionEnd]") == [35, 35]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a" * 3999 + "é" * 5, "a" * 3999 + "é"),
        ("a" * 3999 + "😀", "a" * 3999),
        ("a" * 3995 + FAMILY, "a" * 3995),  # 11 units, one visible character
        ("a" * 3999 + "e\u0301x", "a" * 3999),
        ("a" * 3000 + "\u0301" * 2000, "a" * 3000 + "\u0301" * 1000),
        ("a" * 3900 + "a\r\n" * 51, "a" * 3900 + "a\n" * 50),
    ],
    ids=["letter", "pair", "family", "accent", "endless", "lines"],
)
def test_cut_splits_no_visible_character(form: Page, text: str, kept: str):
    body(form).fill("")
    form.keyboard.insert_text(text)
    expect(form.get_by_role("alertdialog")).to_be_visible()
    assert body(form).input_value() == kept


def test_word_being_composed_is_not_cut(form: Page):
    body(form).fill("a" * 3999)
    keys = form.context.new_cdp_session(form)
    keys.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    assert len(body(form).input_value()) == 4002
    expect(form.get_by_role("alertdialog")).to_be_hidden()
    keys.send("Input.insertText", {"text": "日本"})
    expect(form.get_by_role("alertdialog")).to_be_visible()
    assert body(form).input_value() == "a" * 3999 + "日"


def test_text_that_came_back_too_long_can_be_shortened(form: Page):
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


FRAGMENTS = st.sampled_from(
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
    st.lists(FRAGMENTS | st.characters(), max_size=30).map("".join), min_size=20, max_size=60
)
COUNT_IN_BROWSER = """texts => texts.map(([units, room]) => {
  const text = document.querySelector("#id_nieuw-body");
  const dialog = text.closest("message-counter").querySelector("dialog");
  const write = (value) => {
    for (const each of ["", value]) {
      text.value = each;
      text.dispatchEvent(new InputEvent("input"));
    }
  };
  const typed = String.fromCharCode(...units);
  write("a".repeat(room) + typed);
  const counter = text.closest("message-counter").querySelector(".counter");
  const fits = [counter.textContent, dialog.open];
  write("a".repeat(room + 1) + typed);
  const cut = [text.value.length <= 4000, dialog.open];
  dialog.close();
  return [...fits, ...cut];
})"""


def test_browser_counts_as_the_server_does(form: Page):
    """Any text of 4000 units by the server's rule fits, and one unit more does not."""
    form.evaluate("document.documentElement.hidden = true")  # faster: nothing is drawn

    @settings(
        max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(TEXTS)
    def counts_agree(texts: list[str]) -> None:
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

        results = form.evaluate(
            COUNT_IN_BROWSER, [[units(text), 4000 - count(text)] for text in texts]
        )
        assert results == [["4000 van 4000 tekens", False, True, True]] * len(texts)

    counts_agree()


# Attachments


def test_dialog_opens_and_closes_by_keyboard(form: Page):
    opener = form.get_by_role("button", name="+ Bijlagen")
    opener.press("Enter")
    expect(form.get_by_role("dialog", name="Bijlagen toevoegen")).to_be_visible()
    expect(dialog(form).get_by_role("button", name="Bladeren")).to_be_focused()
    form.keyboard.press("Escape")
    expect(dialog(form)).to_be_hidden()
    expect(opener).to_be_focused()


def test_browse_takes_one_file_and_then_more(form: Page):
    form.get_by_role("button", name="+ Bijlagen").click()
    with form.expect_file_chooser() as chooser:
        dialog(form).get_by_role("button", name="Bladeren").press("Enter")
    assert chooser.value.is_multiple()
    chooser.value.set_files([file("Kopie.pdf")])
    expect(dialog(form).get_by_role("button", name="Upload 1 bestand", exact=True)).to_be_focused()
    with form.expect_file_chooser() as chooser:
        dialog(form).get_by_role("button", name="+ Meer toevoegen").click()
    chooser.value.set_files([file("Foto.png", kind="image/png"), file("Akte.docx")])
    expect(form.get_by_role("dialog", name="3 bestanden gekozen")).to_be_visible()
    expect(dialog(form).get_by_role("button", name="Upload 3 bestanden")).to_be_visible()
    assert dialog(form).locator(".file-cards small").all_inner_texts() == [
        "pdf, 2 kB",
        "foto, 2 kB",
        "docx, 2 kB",
    ]


def test_files_can_be_dragged_onto_the_dialog(form: Page):
    form.get_by_role("button", name="+ Bijlagen").click()
    drag = form.evaluate_handle("""() => {
      const data = new DataTransfer();
      data.items.add(new File(["a"], "Een.pdf", { type: "application/pdf" }));
      data.items.add(new File(["b"], "Twee.pdf", { type: "application/pdf" }));
      return data;
    }""")
    zone = dialog(form).locator(".drop")
    zone.dispatch_event("dragover", {"dataTransfer": drag})
    expect(zone).to_have_class("drop dragged-over")
    zone.dispatch_event("drop", {"dataTransfer": drag})
    assert dialog(form).locator(".file-cards bdi").all_inner_texts() == ["Een.pdf", "Twee.pdf"]


def test_black_cross_removes_a_file_and_focus_moves_on(form: Page):
    choose(form, file("Kopie.pdf"), file("Volmacht.pdf"))
    dialog(form).get_by_role("button", name="Verwijder Kopie.pdf").press("Enter")
    assert announced(form) == "Kopie.pdf verwijderd"
    expect(dialog(form).get_by_role("button", name="Verwijder Volmacht.pdf")).to_be_focused()
    form.keyboard.press("Enter")
    expect(dialog(form).get_by_role("button", name="Bladeren")).to_be_focused()


def test_uploaded_files_join_the_message(form: Page, proxy: FormProxy):
    before = attached(form)
    files = [file("Kopie paspoort.pdf", size=9 * MB), file("Foto.png", kind="image/png")]
    choose(form, *files)
    dialog(form).get_by_role("button", name="Upload 2 bestanden").click()
    expect(dialog(form)).to_be_hidden()
    assert sorted(attached(form)) == sorted([*before, "Kopie paspoort.pdf", "Foto.png"])
    expect(form.get_by_role("button", name="+ Bijlagen")).to_be_focused()
    assert announced(form) == "2 bijlagen toegevoegd. Uw bericht is nog niet verstuurd."
    ids = form.locator("attach-files input[name=files]").evaluate_all(
        "all => all.slice(-2).map((input) => input.value)"
    )
    assert set(ids) == set(proxy.uploads)
    token = form.locator("form[enctype] [name=csrfmiddlewaretoken]").input_value()
    assert {
        (upload.name, bytes(upload.content), upload.token) for upload in proxy.uploads.values()
    } == {(each["name"], each["buffer"], token) for each in files}
    assert proxy.requests.count(f"PATCH {8 * MB}") == 1  # the third part of 4 MB


def test_unsendable_files_are_refused_before_upload(form: Page, proxy: FormProxy, tmp_path: Path):
    large = tmp_path / "Groot.pdf"
    large.write_bytes(b"x" * (25 * MB + 1))
    choose(
        form, large, write_file(tmp_path, "Leeg.pdf", b""), write_file(tmp_path, "Dans.mp4", b"x")
    )
    assert problems(form) == [
        "“Groot.pdf” is groter dan 25 MB. Maak het kleiner of splits het.",
        "“Leeg.pdf” is leeg. Kies een ander bestand.",
        "“Dans.mp4” is een soort bestand dat niet kan. Kies bijvoorbeeld een pdf of een foto.",
    ]
    assert dialog(form).locator(".file-cards li").count() == 0
    choose(form, *(file(f"{number}.pdf") for number in range(20)))  # two are attached already
    assert problems(form) == [
        "Bij een bericht passen maximaal 20 bestanden. Stuur de andere met een volgend bericht."
    ]
    assert dialog(form).locator(".file-cards li").count() == 18
    assert proxy.requests == []


def test_file_chosen_twice_is_listed_once(form: Page, tmp_path: Path):
    paper = write_file(tmp_path, "Kopie.pdf", b"%PDF")
    choose(form, paper)
    choose(form, paper)
    assert problems(form) == ["“Kopie.pdf” was al gekozen."]
    assert dialog(form).locator(".file-cards li").count() == 1


def write_file(folder: Path, name: str, content: bytes) -> Path:
    """Write a file to disk, so that it has a date."""
    (folder / name).write_bytes(content)
    return folder / name


def test_refused_upload_shows_the_servers_reason_and_can_be_retried(form: Page, proxy: FormProxy):
    proxy.refusal = (422, "text/plain; charset=utf-8", "In “Volmacht.pdf” zit een virus.")
    choose(form, file())
    dialog(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(dialog(form).locator(".failed p")).to_have_text("In “Volmacht.pdf” zit een virus.")
    assert announced(form) == "In “Volmacht.pdf” zit een virus."
    proxy.refusal = None
    dialog(form).get_by_role("button", name=re.compile(r"Opnieuw ?: Volmacht\.pdf")).click()
    expect(dialog(form)).to_be_hidden()
    assert attached(form)[-1] == "Volmacht.pdf"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (413, "“Volmacht.pdf” is groter dan 25 MB. Maak het kleiner of splits het."),
        (
            415,
            "“Volmacht.pdf” is een soort bestand dat niet kan."
            " Kies bijvoorbeeld een pdf of een foto.",
        ),
        (403, "Het portaal antwoordt nu niet. Probeer het over een paar minuten opnieuw."),
    ],
)
def test_refusal_without_a_reason_shows_our_sentence(
    form: Page, proxy: FormProxy, status: int, words: str
):
    proxy.refusal = (status, "text/html", "<h1>Nee</h1>")
    choose(form, file())
    dialog(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(dialog(form).locator(".failed p")).to_have_text(words)


def test_failed_file_can_be_left_out(form: Page, proxy: FormProxy):
    proxy.refused_name = "Fout.pdf"
    choose(form, file("Goed.pdf"), file("Fout.pdf"))
    dialog(form).get_by_role("button", name="Upload 2 bestanden").click()
    expect(dialog(form).locator("li[data-state=uploaded] bdi")).to_have_text("Goed.pdf")
    expect(dialog(form).locator("li[data-state=failed] bdi")).to_have_text("Fout.pdf")
    expect(dialog(form).get_by_role("button", name="Upload 1 bestand", exact=True)).to_be_visible()
    dialog(form).get_by_role("button", name="Verwijder Fout.pdf").click()
    expect(dialog(form)).to_be_hidden()
    assert attached(form)[-1] == "Goed.pdf"


def test_broken_upload_resumes_at_its_offset(form: Page, proxy: FormProxy):
    proxy.broken_parts = 1
    paper = file("Akte.pdf", size=6 * MB)
    choose(form, paper)
    dialog(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(dialog(form)).to_be_hidden()
    [upload] = proxy.uploads.values()
    assert bytes(upload.content) == paper["buffer"]
    assert "HEAD" in proxy.requests
    assert f"PATCH {2 * MB}" in proxy.requests
    assert proxy.requests.count("POST") == 1


def test_server_silent_for_a_minute_counts_as_a_broken_connection(form: Page, proxy: FormProxy):
    stop_the_clock(form)
    proxy.may_answer.clear()
    choose(form, file())
    dialog(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(dialog(form).locator("progress")).to_have_js_property("value", 100)
    form.clock.run_for(59_000)
    expect(dialog(form).locator("li")).to_have_attribute("data-state", "uploading")
    form.clock.run_for(2000)
    expect(dialog(form)).to_be_hidden()
    assert attached(form)[-1] == "Volmacht.pdf"
    assert "HEAD" in proxy.requests  # the browser asked for the offset: all had arrived


def test_upload_waits_without_connection_and_resumes(form: Page, proxy: FormProxy):
    choose(form, file())
    form.context.set_offline(True)
    dialog(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(dialog(form).locator(".reconnecting")).to_have_text(
        "De verbinding is weg. Het uploaden gaat vanzelf verder."
    )
    form.context.set_offline(False)
    expect(dialog(form)).to_be_hidden()
    assert attached(form)[-1] == "Volmacht.pdf"


def test_file_changed_before_upload_is_reported(form: Page, tmp_path: Path):
    paper = tmp_path / "Kopie.pdf"
    paper.write_bytes(b"%PDF" * 1000)
    choose(form, paper)
    paper.write_bytes(b"%PDF-1.7" * 9000)
    dialog(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(dialog(form).locator(".failed p")).to_have_text(
        "“Kopie.pdf” is tijdens het uploaden gewijzigd of verplaatst."
        " Verwijder het en kies het opnieuw."
    )


def test_cancel_deletes_all_uploads(form: Page, proxy: FormProxy):
    before = attached(form)
    proxy.may_answer.clear()
    choose(form, file("Een.pdf"), file("Twee.pdf"))
    dialog(form).get_by_role("button", name="Upload 2 bestanden").click()
    expect(dialog(form).locator("li[data-state=uploading]")).to_have_count(2)
    wait_until(
        form, lambda: [bool(upload.content) for upload in proxy.uploads.values()] == [True, True]
    )
    form.keyboard.press("Escape")
    expect(dialog(form)).to_be_hidden()
    proxy.may_answer.set()
    wait_until(form, lambda: not proxy.uploads)
    assert attached(form) == before
    choose(form, file("Drie.pdf"))
    assert dialog(form).locator(".file-cards bdi").all_inner_texts() == ["Drie.pdf"]


def test_leaving_during_an_upload_asks_first(form: Page, proxy: FormProxy):
    proxy.may_answer.clear()
    choose(form, file())
    dialog(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(dialog(form).locator("li[data-state=uploading]")).to_be_visible()
    with form.expect_event("dialog") as question:
        form.once("dialog", lambda opened: opened.dismiss())
        form.close(run_before_unload=True)
    assert question.value.type == "beforeunload"
    proxy.may_answer.set()
    expect(dialog(form)).to_be_hidden()


def test_bin_deletes_the_file_at_the_server(form: Page, proxy: FormProxy):
    choose(form, file("Volmacht.pdf"))
    dialog(form).get_by_role("button", name="Upload 1 bestand").click()
    expect(dialog(form)).to_be_hidden()
    lines = form.locator("attach-files .files li")
    lines.nth(2).get_by_role("button", name="Verwijder Volmacht.pdf").press("Enter")
    expect(lines).to_have_count(2)
    assert proxy.uploads == {}
    assert proxy.requests[-1] == "DELETE"
    assert announced(form) == "Volmacht.pdf verwijderd"
    expect(lines.nth(1).get_by_role("button")).to_be_focused()
    form.keyboard.press("Enter")
    expect(lines).to_have_count(1)
    expect(lines.nth(0).get_by_role("button")).to_be_focused()
    form.keyboard.press("Enter")
    expect(form.get_by_role("button", name="+ Bijlagen")).to_be_focused()


def test_file_the_server_cannot_delete_stays_in_the_message(form: Page, proxy: FormProxy):
    proxy.refusal = (500, "text/html", "")
    form.locator("attach-files .files li").first.get_by_role("button").click()
    expect(form.locator("attach-files > .announcement")).to_have_text(
        "Volmacht partner.pdf kon niet worden verwijderd. Probeer het opnieuw."
    )
    assert len(attached(form)) == 2


def test_enter_in_a_field_submits_and_presses_no_bin(form: Page, proxy: FormProxy):
    form.get_by_label("Onderwerp").first.press("Enter")
    form.wait_for_load_state()
    assert proxy.sent == 1
    assert proxy.requests == []


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_dialog_is_accessible(new_form: Callable[..., Page], proxy: FormProxy, width: int):
    page = new_form(width, 800)
    page.emulate_media(reduced_motion="reduce")
    proxy.refusal = (422, "text/plain", "In dit bestand zit een virus.")
    page.get_by_role("button", name="+ Bijlagen").click()
    check_accessible(page)
    choose(
        page, file("Een heel lange naam van een bestand " * 3 + ".pdf"), file("Leeg.pdf", size=0)
    )
    check_accessible(page)
    dialog(page).locator(".upload").click()
    expect(dialog(page).locator(".failed p")).to_be_visible()
    check_accessible(page)
    small = page.locator("attach-files dialog .remove, attach-files dialog .retry").evaluate_all(
        """all => all.filter(
          (each) => each.checkVisibility() && each.getBoundingClientRect().height < 44).length"""
    )
    assert small == 0


def check_accessible(page: Page) -> None:
    """Check that axe finds nothing, and that nothing scrolls sideways."""
    assert [
        (scheme, violation["id"], violation["nodes"][0]["html"][:200])
        for scheme, violation in axe_in_light_and_dark(page)
    ] == []
    assert (
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        <= 0
    )
    assert dialog(page).evaluate("dialog => dialog.scrollWidth - dialog.clientWidth") <= 0


def test_without_javascript_the_dialog_is_a_plain_file_input(new_form: Callable[..., Page]):
    page = new_form(java_script_enabled=False)
    plain = page.get_by_label("Bijlagen (niet verplicht)")
    expect(plain).to_be_visible()
    expect(plain).to_have_attribute("name", "upload")
    expect(plain).to_have_attribute("type", "file")
    expect(plain).to_have_attribute("multiple", "")
    first_bin = page.locator("attach-files .files button").first
    expect(first_bin).to_have_attribute("name", "remove")
    assert first_bin.get_attribute("type") is None  # so it submits
    expect(page.get_by_role("button", name="+ Bijlagen")).to_have_count(0)


# The draft


def test_draft_is_saved_two_seconds_after_the_last_key(form: Page, proxy: FormProxy):
    stop_the_clock(form)
    write(form, "een")
    form.clock.run_for(1900)
    assert proxy.drafts == []
    form.clock.run_for(100)
    expect(form.locator("message-draft")).to_have_text("Concept bewaard om 10.42")
    [draft] = proxy.drafts
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
    assert len(proxy.drafts) == 1


def test_draft_is_saved_on_leaving_the_page(form: Page, proxy: FormProxy):
    write(form, "een")
    form.goto("about:blank")
    form.goto("/galerij/")
    assert [draft["nieuw-body"][-3:] for draft in proxy.drafts] == ["een"]


def test_removing_an_attachment_saves_the_draft(form: Page, proxy: FormProxy):
    stop_the_clock(form)
    form.locator("attach-files .files li").first.get_by_role("button").click()
    expect(form.locator("attach-files .files li")).to_have_count(1)
    form.clock.run_for(2000)
    expect(form.locator("message-draft")).to_have_text("Concept bewaard om 10.42")


def test_failed_draft_is_saved_again(form: Page, proxy: FormProxy):
    stop_the_clock(form)
    proxy.draft_answer = (500, "")
    write(form, "een")
    form.clock.run_for(2000)
    expect(form.locator("message-draft")).to_have_text(
        "Het concept is nog niet bewaard. Dat wordt vanzelf opnieuw geprobeerd."
    )
    proxy.draft_answer = (200, {"kept": "10.43"})
    form.clock.run_for(10_000)
    expect(form.locator("message-draft")).to_have_text("Concept bewaard om 10.43")


def test_message_sent_in_another_window_is_reported(form: Page, proxy: FormProxy):
    stop_the_clock(form)
    proxy.draft_answer = (409, {"sent": "/berichten/1/"})
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
    assert len(proxy.drafts) == 1


def test_double_click_sends_once_without_a_draft(form: Page, proxy: FormProxy):
    stop_the_clock(form)
    write(form, "een")
    send = form.locator("form[enctype] .buttons button:not([type])")
    send.dblclick()
    form.clock.run_for(5000)
    form.wait_for_load_state()
    expect(send).to_be_enabled()
    assert proxy.sent == 1
    assert proxy.drafts == []


def test_removed_element_listens_to_nothing(form: Page, proxy: FormProxy):
    stop_the_clock(form)
    form.locator("message-draft").evaluate("element => element.remove()")
    write(form, "een")
    form.clock.run_for(5000)
    form.evaluate("dispatchEvent(new Event('pagehide'))")
    form.wait_for_timeout(300)
    assert proxy.drafts == []
