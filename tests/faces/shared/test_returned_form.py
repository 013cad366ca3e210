"""The returned form of a message: its content and errors."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from tests.faces.matrix import browser_of
from tests.people import Cast, store, write_messages
from tests.snapshot import restore_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = restore_cast()
    write_messages(cast)
    return cast


def write(cast: Cast, name: str, **said: Any) -> HttpResponse:
    """Post the form of a new message in 'purchase'."""
    face = "/kantoor" if cast.users[name].is_staff else ""
    address = f"{face}/dossiers/{cast.dossiers['purchase'].pk}/berichten/nieuw/"
    return browser_of(cast.users[name]).post(
        address, {"submission": uuid4(), "subject": "", "body": "", **said}
    )


def test_remove_button_reports_error_of_posted_file(cast: Cast) -> None:
    known = store(cast.users["sanne"], cast.dossiers["purchase"])
    page = SimpleUploadedFile("akte.pdf", b"<html>")
    answer = write(cast, "sanne", files=known.pk, remove=known.pk, upload=page)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["upload"]


def test_draft_shows_time_of_saving(cast: Cast) -> None:
    browser = browser_of(cast.users["sanne"])
    address = f"/dossiers/{cast.dossiers['purchase'].pk}/berichten/"
    assert "Concept bewaard op" not in browser.get(f"{address}nieuw/").text
    browser.post(f"{address}concept/", {"submission": uuid4(), "body": "Beste, Hierbij"})
    assert "Concept bewaard op" in browser.get(f"{address}nieuw/").text
