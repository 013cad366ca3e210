"""The gallery is a page like any other, complete in both languages."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override
from tests.page import page_errors

from portaal.ui import gallery
from portaal.ui.functions import icon


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
def test_gallery_shows_every_component(language):
    request = RequestFactory().get("/galerij/")
    request.user = AnonymousUser()
    with override(language):
        page = render_to_string(gallery.TEMPLATE, gallery.specimens(), request)
    assert page_errors(page) == []


@pytest.mark.parametrize(("is_photo", "name"), [(True, "image"), (False, "file-text")])
def test_photo_has_an_icon_of_its_own(is_photo, name):
    template = engines["jinja2"].from_string(
        '{% from "ui/components/marks.html" import file_icon %}{{ file_icon(file) }}'
    )
    assert template.render({"file": gallery.File("a", is_photo=is_photo)}).strip() == icon(name)
