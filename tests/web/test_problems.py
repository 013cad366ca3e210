"""Problems over HTTP: a page, a sentence or JSON, with when to try again."""

from __future__ import annotations

from typing import Any, NoReturn
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.faces.matrix import browser_of
from tests.people import PDF, Cast, write_messages

from portaal.domain.dossiers.models import Dossier
from portaal.domain.files import models, sealing
from portaal.domain.problems import Conflict, Gone, LimitReached, Problem, Unavailable
from portaal.gateways.blobs import StoreUnavailable
from portaal.gateways.scanner import ScannerUnavailable

TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}


class AwayStore:
    """A store that does not answer."""

    def open(self, blob_id: UUID) -> NoReturn:
        raise StoreUnavailable("connection refused")

    def writer(self, blob_id: UUID) -> NoReturn:
        raise StoreUnavailable("connection refused")

    def delete(self, blob_id: UUID) -> NoReturn:
        raise StoreUnavailable("connection refused")


@pytest.fixture
def away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Return the cast with its messages, of which the store went away afterwards."""
    write_messages(cast)
    for module in (models, sealing):
        monkeypatch.setattr(module, "blobs", AwayStore)
    return cast


def raising(error: Exception) -> Any:
    def visible_to(*args: object) -> NoReturn:
        raise error

    return visible_to


@pytest.mark.parametrize(
    ("person", "route", "kind"),
    [
        ("sanne", "client:download", "publications"),
        ("marieke", "office:download", "publications"),
        ("sanne", "client:attachment", "attachments"),
        ("marieke", "office:attachment", "attachments"),
        ("marieke", "office:attachments", "messages"),
    ],
)
def test_download_while_store_is_away_answers_503(
    away: Cast, person: str, route: str, kind: str
) -> None:
    message = away.messages["sanne"]
    objects = {
        "publications": away.publications["sanne"].pk,
        "attachments": message.attachments.get().pk,
        "messages": message.pk,
    }
    answer = browser_of(away.users[person]).get(reverse(route, args=[objects[kind]]))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "<h1" in answer.text


def test_publication_while_store_is_away_answers_503(away: Cast) -> None:
    dossier, party = away.dossiers["purchase"], away.parties["sanne"]
    answer = browser_of(away.users["marieke"]).post(
        reverse("office:dossier", args=[dossier.pk]),
        {
            "file": SimpleUploadedFile("akte.pdf", PDF, "application/pdf"),
            "title": "Akte",
            "tab": "documents",
            "kind": "document",
            "parties": [str(party.pk)],
        },
    )
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"


def test_part_of_an_upload_while_store_is_away_answers_503(away: Cast) -> None:
    upload = away.uploads["sanne"]
    answer = browser_of(away.users["sanne"]).patch(
        reverse("client:upload", args=[upload.pk]),
        PDF,
        content_type="application/offset+octet-stream",
        HTTP_UPLOAD_OFFSET="0",
        **TUS,
    )
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (Conflict(), 409, None),
        (Gone(), 410, None),
        (LimitReached(retry_after=7), 429, "7"),
        (Unavailable(), 503, "30"),
        (StoreUnavailable(), 503, "30"),
        (ScannerUnavailable(), 503, "30"),
    ],
)
@pytest.mark.parametrize(
    ("headers", "content_type"),
    [
        ({}, "text/html"),
        (TUS, "text/plain"),
        ({"HTTP_ACCEPT": "application/json"}, "application/json"),
    ],
)
def test_problem_is_a_page_a_sentence_or_json(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    retry_after: str | None,
    headers: dict[str, str],
    content_type: str,
) -> None:
    monkeypatch.setattr(type(Dossier.objects), "visible_to", raising(error))
    answer = browser_of(cast.users["marieke"]).get("/kantoor/dossiers/", **headers)
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == retry_after
    assert answer.headers["Content-Type"].startswith(content_type)


def test_problem_shows_its_own_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Problem("Probeer het morgen.", title="Vol", status=429, retry_after=60)
    monkeypatch.setattr(type(Dossier.objects), "visible_to", raising(problem))
    browser: Client = browser_of(cast.users["marieke"])
    answer = browser.get("/kantoor/dossiers/", headers={"accept": "application/json"}).json()
    assert answer["title"] == "Vol"
    assert answer["text"] == "Probeer het morgen."
