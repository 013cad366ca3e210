"""The gallery is a page like any other, complete in both languages."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override
from tests.page import page_errors

from portaal.ui import gallery


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
def test_gallery_shows_every_component(language):
    request = RequestFactory().get("/galerij/")
    request.user = AnonymousUser()
    with override(language):
        page = render_to_string(gallery.TEMPLATE, gallery.specimens(), request)
    assert page_errors(page) == []
