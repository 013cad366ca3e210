"""The intake of the files of a posted form: files and errors, without rows."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import translation
from tests.people import PDF, Cast, store

from portaal.domain.files.models import StoredFile
from portaal.faces.shared.compose.intake import GONE, Attached, intake
from portaal.faces.shared.uploads.handlers import SealingHandler


@pytest.fixture(autouse=True)
def _english(settings: Any) -> Any:
    settings.FREE_SPACE_MIN = 0
    with translation.override("en"):
        yield


def take(cast: Cast, **data: Any) -> Attached:
    """Take the files of a form that Sanne posts in 'purchase'."""
    request: Any = RequestFactory().post("/", data)
    request.upload_handlers = [SealingHandler(request)]
    request.user = cast.users["sanne"]
    return intake(request, cast.dossiers["purchase"])


def posted(name: str = "akte.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_uploaded_files_keep_the_order_of_the_form(cast: Cast):
    mine = [store(cast.users["sanne"], cast.dossiers["purchase"]) for _ in range(2)]
    ids = [mine[1].pk, mine[0].pk, mine[1].pk, "nonsense"]
    assert take(cast, files=ids) == Attached([mine[1], mine[0]], [], [])


def test_removed_file_is_left_out(cast: Cast):
    mine = [store(cast.users["sanne"], cast.dossiers["purchase"]) for _ in range(2)]
    attached = take(cast, files=[file.pk for file in mine], remove=mine[0].pk)
    assert attached == Attached([mine[1]], [], [])


@pytest.mark.parametrize("whose", ["nobody", "emre"])
def test_file_that_is_gone_or_of_another_login_is_an_error(cast: Cast, whose: str):
    other = uuid4()
    if whose == "emre":
        other = store(cast.users["emre"], cast.dossiers["purchase"]).pk
    assert take(cast, files=[other]) == Attached([], [], [GONE])


def test_posted_file_has_no_row_yet(cast: Cast):
    before = StoredFile.objects.count()
    attached = take(cast, upload=[posted("een.pdf"), posted("twee.pdf")])
    assert [file.name for file in attached.posted] == ["een.pdf", "twee.pdf"]
    assert attached.errors == []
    assert StoredFile.objects.count() == before


def test_refused_file_is_an_error_and_others_are_taken(cast: Cast):
    attached = take(cast, files=[uuid4()], upload=[posted("virus.exe"), posted()])
    assert [file.name for file in attached.posted] == ["akte.pdf"]
    assert [error.partition(".")[0] for error in attached.errors] == [
        GONE.partition(".")[0],
        "We do not take files such as “virus",
    ]
