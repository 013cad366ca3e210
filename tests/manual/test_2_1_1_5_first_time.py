"""Messages for a first-time client (manual 2.1.1.5): places where one hesitated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from pillow_heif import register_heif_opener
from playwright.sync_api import Browser, Page, expect
from tests.domain.files.test_gps import LOCATION

from .conftest import Portal, log_in

pytestmark = pytest.mark.browser

QUESTION = "Welke stukken hebben wij nog nodig?"


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return both sides of a passport, as photos of an iPhone and of another phone."""
    register_heif_opener()
    folder = tmp_path_factory.mktemp("photos")
    paths = [folder / "IMG_2041.HEIC", folder / "IMG_2042.jpg"]
    for path, kind in zip(paths, ("HEIF", "JPEG"), strict=True):
        Image.new("RGB", (640, 480), "#7d2b3a").save(path, format=kind)
    return paths


@pytest.fixture(scope="module")
def photo_with_location(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a photo that says where it was taken."""
    facts, path = Image.Exif(), tmp_path_factory.mktemp("location") / "IMG_2043.jpg"
    facts.get_ifd(0x8825).update(LOCATION)
    Image.new("RGB", (640, 480), "#2b3a7d").save(path, exif=facts)
    return path


@pytest.fixture
def without_scripts(portal: Portal, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, base_url=portal.url, java_script_enabled=False
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def answer_the_question(page: Page) -> None:
    log_in(page, "sanne@example.nl")
    page.get_by_role("link", name="Dossiers").locator("visible=true").first.click()
    page.get_by_role("link", name="Berichten").first.click()
    page.get_by_role("link", name=QUESTION, exact=True).click()
    page.get_by_role("link", name="Beantwoorden").click()
    if page.get_by_role("button", name="Concept weggooien").count():  # left by another test
        discard_draft(page)
        page.get_by_role("link", name=QUESTION, exact=True).click()
        page.get_by_role("link", name="Beantwoorden").click()
    page.get_by_role("heading", name="Beantwoorden").wait_for()


def upload(page: Page, files: list[Path]) -> None:
    page.get_by_role("button", name="+ Bijlagen").click()
    page.locator("attach-files .plain input").set_input_files(files)
    page.get_by_role(
        "button", name="Upload 1 bestand" if len(files) == 1 else f"Upload {len(files)} bestanden"
    ).click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def discard_draft(page: Page) -> None:
    page.get_by_role("button", name="Concept weggooien").click()
    page.get_by_text("Het concept is weggegooid.").wait_for()


def test_upload_reminds_client_that_message_is_not_sent_yet(
    new_page: Callable[..., Page], photos: list[Path]
):
    page = new_page(390, 844)
    answer_the_question(page)
    upload(page, photos)
    expect(
        page.get_by_text("2 bijlagen toegevoegd. Uw bericht is nog niet verstuurd.")
    ).to_be_visible()
    send = page.get_by_role("button", name="Versturen").locator("visible=true")
    assert send.evaluate(ON_TOP), "the button is out of sight, or under the bar at the bottom"
    assert page.locator(".files small").all_inner_texts() == [
        f"foto, {photo.stat().st_size // 1000 or 1} kB" for photo in photos
    ]
    page.get_by_label("Bericht", exact=True).fill("Hierbij mijn paspoort.")
    send.click()
    expect(
        page.get_by_text(re.compile("Uw bericht is op .* verstuurd aan Lindehof notarissen"))
    ).to_be_visible()


def test_reload_of_a_refused_form_keeps_text_and_files(
    new_page: Callable[..., Page], photos: list[Path]
):
    page = new_page()
    answer_the_question(page)
    page.get_by_role("button", name="Versturen").click()
    page.get_by_role("link", name="Vul uw bericht in.").wait_for()
    page.get_by_label("Bericht", exact=True).fill("Hierbij mijn paspoort.")
    upload(page, photos)
    page.get_by_text("Concept bewaard om").wait_for()
    page.reload()
    expect(page.get_by_label("Bericht", exact=True)).to_have_value("Hierbij mijn paspoort.")
    expect(page.locator(".files li")).to_have_count(2)
    expect(page.get_by_text("Concept bewaard op")).to_be_visible()
    discard_draft(page)


def test_bin_is_at_the_end_of_the_line_on_the_smallest_screen(
    new_page: Callable[..., Page], photos: list[Path]
):
    page = new_page(320, 640)
    answer_the_question(page)
    upload(page, photos)
    assert page.locator(".files li").evaluate_all(BIN_BESIDE_NAME) == [True, True]
    page.get_by_text("Concept bewaard om").wait_for()
    page.reload()
    discard_draft(page)


LOCATION_WARNING = "In een foto hierbij staat waar die is gemaakt."


def test_client_is_warned_that_a_photo_has_a_location(
    new_page: Callable[..., Page], photos: list[Path], photo_with_location: Path
):
    page = new_page(390, 844)
    answer_the_question(page)
    upload(page, photos)
    expect(page.get_by_text(LOCATION_WARNING)).to_be_hidden()
    upload(page, [photo_with_location])
    expect(page.get_by_text(LOCATION_WARNING)).to_be_visible()
    page.get_by_text("Concept bewaard om").wait_for()
    page.reload()
    expect(page.get_by_text(LOCATION_WARNING)).to_be_visible()
    page.get_by_role("button", name=f"Verwijder {photo_with_location.name}").click()
    expect(page.get_by_text(LOCATION_WARNING)).to_be_hidden()
    page.get_by_text("Concept bewaard om").wait_for()
    discard_draft(page)


def test_without_scripts_client_is_warned_before_and_after_choosing_a_photo(
    without_scripts: Page, photo_with_location: Path
):
    page = without_scripts
    answer_the_question(page)
    expect(page.get_by_text("In een foto kan staan waar die is gemaakt")).to_be_visible()
    page.locator("input[type=file]").set_input_files([photo_with_location])
    page.get_by_role("button", name="Versturen").locator("visible=true").last.click()
    expect(page.get_by_text(LOCATION_WARNING)).to_be_visible()


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_only_mouse_users_are_asked_to_drag(portal: Portal, browser: Browser, touch: bool):
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        base_url=portal.url,
        has_touch=touch,
        is_mobile=touch,
    )
    try:
        page = context.new_page()
        answer_the_question(page)
        page.get_by_role("button", name="+ Bijlagen").click()
        instruction = page.locator(".drop > p").locator("visible=true").first
        expect(instruction).to_have_text(
            "Kies uw foto's of bestanden met Bladeren"
            if touch
            else re.compile("^Sleep uw bestanden")
        )
    finally:
        context.close()


def test_without_scripts_a_bin_removes_a_photo_and_two_are_sent(
    without_scripts: Page, photos: list[Path]
):
    page = without_scripts
    answer_the_question(page)
    page.locator("input[type=file]").set_input_files([photos[0], *photos])
    page.get_by_role("button", name="Versturen").locator("visible=true").last.click()
    expect(page.get_by_role("link", name="Vul uw bericht in.")).to_be_visible()
    page.get_by_role("button", name="Verwijder IMG_2041.HEIC").first.click()
    expect(page.locator(".files bdi")).to_have_text(["IMG_2041.HEIC", "IMG_2042.jpg"])
    expect(page.locator(".errors, [aria-invalid]")).to_have_count(0)
    page.get_by_label("Bericht", exact=True).fill("Hierbij mijn paspoort.")
    page.get_by_role("button", name="Versturen").locator("visible=true").last.click()
    expect(page.locator("article .files bdi")).to_have_text(["IMG_2041.HEIC", "IMG_2042.jpg"])


def test_office_prints_a_conversation_alone(handler: Page):
    handler.goto("/kantoor/?q=Lindelaan")
    handler.locator("table a").first.click()
    handler.locator(".tabs").get_by_role("link", name="Berichten").click()
    handler.get_by_role("link", name=QUESTION).or_(
        handler.get_by_role("link", name="Kopie stukken")
    ).first.click()
    handler.locator(".thread").wait_for()
    handler.emulate_media(media="print")
    expect(handler.locator(".thread")).to_be_visible()
    expect(
        handler.locator("form, aside, nav, h2:text-is('Historie'), details").locator("visible=true")
    ).to_have_count(0)


ON_TOP = """button => {
  const box = button.getBoundingClientRect();
  return button.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height - 2));
}"""
BIN_BESIDE_NAME = """lines => lines.map((line) => {
  const name = line.querySelector("bdi").getBoundingClientRect();
  const bin = line.querySelector("button").getBoundingClientRect();
  return bin.left >= name.right && bin.top < name.bottom && bin.bottom > name.top;
})"""
