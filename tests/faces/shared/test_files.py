"""Pages with a file that cannot be opened yet."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from markupsafe import escape
from tests.faces.matrix import browser_of
from tests.people import Cast, write_messages
from tests.snapshot import restore_cast

from portaal.domain.documents.models import Publication
from portaal.domain.files.models import StoredFile
from portaal.domain.jobs.models import Job
from portaal.domain.jobs.worker import run_due
from portaal.domain.messaging.models import Attachment

CHECKING = {"nl": "wordt gecontroleerd", "en": "is being checked"}


@pytest.fixture
def cast(db: None) -> Cast:
    made = restore_cast()
    Job.objects.all().delete()
    return made


@pytest.fixture
def publication(cast: Cast) -> Publication:
    return cast.publications["sanne"]


def put(row: Publication | Attachment, state: str, reason: str = "") -> None:
    StoredFile.objects.filter(pk=row.file_id).update(state=state, reason=reason)


def page(cast: Cast, person: str, publication: Publication, language: str = "nl") -> str:
    cast.users[person].sessions.all().delete()
    browser = browser_of(cast.users[person])
    type(cast.users[person]).objects.filter(pk=cast.users[person].pk).update(language=language)
    route = "office:dossier" if cast.users[person].is_staff else "client:dossier_tab"
    dossier = publication.dossier_id
    path = reverse(
        route, args=[dossier] if cast.users[person].is_staff else [dossier, "documenten"]
    )
    return browser.get(path).content.decode()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    ("state", "reason"), [("waiting", ""), ("quarantined", "found"), ("quarantined", "active")]
)
def test_client_sees_only_that_file_is_being_checked(
    cast: Cast, publication: Publication, language: str, state: str, reason: str
):
    link = reverse("client:download", args=[publication.pk])
    before = page(cast, "sanne", publication, language)
    put(publication, state, reason)
    after = page(cast, "sanne", publication, language)
    assert [(link in text, CHECKING[language] in text) for text in (before, after)] == [
        (True, False),
        (False, True),
    ]
    assert str(StoredFile.Reason("found").label) not in after


@pytest.mark.parametrize("face", ["client", "office"])
@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "Dit bestand wordt gecontroleerd"), ("en", "This file is being checked")],
)
@pytest.mark.parametrize(("state", "reason"), [("waiting", ""), ("quarantined", "found")])
def test_request_for_unchecked_file_is_explained(
    cast: Cast,
    publication: Publication,
    face: str,
    language: str,
    words: str,
    state: str,
    reason: str,
):
    put(publication, state, reason)
    user = cast.users["sanne" if face == "client" else "marieke"]
    type(user).objects.filter(pk=user.pk).update(language=language)
    answer = browser_of(user).get(reverse(f"{face}:download", args=[publication.pk]))
    assert answer.status_code == 409
    assert words in answer.content.decode()
    held = {
        "nl": "De virusscanner heeft er iets in gevonden.",
        "en": "The virus scanner found something in it.",
    }[language]
    assert (held in answer.content.decode()) == (face == "office" and state == "quarantined")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_office_sees_that_file_waits(cast: Cast, publication: Publication, language: str):
    put(publication, "waiting")
    text = page(cast, "marieke", publication, language)
    assert CHECKING[language] in text
    assert reverse("office:download", args=[publication.pk]) not in text


@pytest.mark.parametrize(
    ("reason", "nl", "en", "lets_through"),
    [
        (
            "found",
            "De virusscanner heeft er iets in gevonden.",
            "The virus scanner found something in it.",
            False,
        ),
        (
            "unchecked",
            "de virusscanner gaf geen antwoord",
            "the virus scanner did not answer",
            False,
        ),
        ("active", "Er zit een script in", "It holds a script", True),
        ("encrypted", "Er zit een wachtwoord op", "It is locked with a password", True),
    ],
)
def test_office_sees_reason_of_quarantine_and_its_options(
    cast: Cast, publication: Publication, reason: str, nl: str, en: str, lets_through: bool
):
    put(publication, "quarantined", reason)
    through, again = (
        reverse(f"office:publication_{act}", args=[publication.pk]) for act in ("release", "rescan")
    )
    for language, words in (("nl", nl), ("en", en)):
        text = page(cast, "marieke", publication, language)
        assert escape(words) in text
        assert (through in text) == lets_through
        assert again in text


def quarantined(cast: Cast, kind: str) -> tuple[Any, dict[str, str]]:
    """Quarantine the file of a publication or attachment; return it, and the path of each act."""
    if kind == "publication":
        row: Any = cast.publications["sanne"]
    else:
        write_messages(cast)
        row = cast.messages["sanne"].attachments.get()
    put(row, "quarantined", "active")
    download = "office:download" if kind == "publication" else "office:attachment"
    routes = {act: f"office:{kind}_{act}" for act in ("release", "rescan")} | {"open": download}
    return row, {act: reverse(route, args=[row.pk]) for act, route in routes.items()}


KINDS = pytest.mark.parametrize("kind", ["publication", "attachment"])


@KINDS
def test_handler_releases_file_and_history_shows_it(cast: Cast, kind: str):
    row, paths = quarantined(cast, kind)
    title = row.title if kind == "publication" else row.file.name
    browser = browser_of(cast.users["marieke"])
    for _ in range(2):
        answer = browser.post(paths["release"], follow=True)
        assert answer.status_code == 200
        assert "Het bestand kan vanaf nu worden geopend." in answer.content.decode()
    history = browser.get(reverse("office:history", args=[cast.dossiers["purchase"].pk]))
    assert f"liet “{title}” toch door" in history.content.decode()
    assert browser.get(paths["open"]).status_code == 200


@KINDS
def test_handler_rescans_file(cast: Cast, kind: str):
    _row, paths = quarantined(cast, kind)
    browser = browser_of(cast.users["marieke"])
    answer = browser.post(paths["rescan"], follow=True)
    assert "Het bestand wordt opnieuw gecontroleerd." in answer.content.decode()
    run_due()
    assert browser.get(paths["open"]).status_code == 200
