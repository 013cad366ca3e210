"""Upload of a logo, in the one form whose file is not of a dossier."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import MaxLengthValidator
from django.urls import reverse
from tests.domain.office.test_house_style import png
from tests.people import Cast
from tests.snapshot import restore_cast

from portaal.domain.office.models import Office
from portaal.domain.office.validators import LOGO_MAX_BYTES

from .matrix import browser_of

SAID = {"name": "Lindehof", "brand": "#2B3A7D", "accent": "#B4552D"}


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def save(cast: Cast, *contents: bytes, person: str = "ina") -> Any:
    files = [SimpleUploadedFile("logo.png", content, "image/png") for content in contents]
    return browser_of(cast.users[person]).post(
        reverse("office:house_style"), SAID | {"logo": files}
    )


def test_administrator_sets_logo_of_every_page(cast: Cast):
    assert save(cast, png(200, 80)).status_code == 302
    logo = Office.current().logo
    assert logo is not None
    assert bytes(logo.content) == png(200, 80)


@pytest.mark.parametrize("size", [LOGO_MAX_BYTES + 1, 5_000_000])
def test_too_large_logo_is_explained(cast: Cast, size: int):
    answer = save(cast, png(200, 80).ljust(size, b"x"))
    assert answer.status_code == 400
    assert "groter dan 200 kB" in answer.content.decode()
    assert Office.current().logo is None


def test_first_of_several_logos_is_taken(cast: Cast):
    assert save(cast, png(200, 80), *[png(100, 80)] * 30).status_code == 302
    logo = Office.current().logo
    assert logo is not None
    assert bytes(logo.content) == png(200, 80)


def test_form_without_logo_keeps_the_current_one(cast: Cast):
    save(cast, png(200, 80))
    cast.users["ina"].sessions.all().delete()
    assert save(cast).status_code == 302
    assert Office.current().logo is not None


def test_form_without_file_field_discards_files(cast: Cast):
    path = reverse("office:facts")
    answer = browser_of(cast.users["ina"]).post(
        path, {"phone": "030 1234567", "logo": SimpleUploadedFile("x.png", b"x" * 5_000_000)}
    )
    assert answer.status_code == 302
    assert dict(answer.wsgi_request.FILES) == {}


def test_logo_is_kept_when_another_field_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    save(cast, png(200, 80))
    logo = Office.current().logo_id
    cast.users["ina"].sessions.all().delete()
    monkeypatch.setitem(SAID, "name", "x" * 80)
    monkeypatch.setattr(Office._meta.get_field("name"), "validators", [MaxLengthValidator(10)])
    assert save(cast, png(100, 80)).status_code == 400
    assert Office.current().logo_id == logo
