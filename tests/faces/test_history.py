"""The history of a dossier at the office."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.people import PDF, Cast, make_cast, store
from tests.people import send as send_file

from portaal.domain.messaging.verbs import send
from portaal.faces.office.history import HISTORY_MAX, history_of

from .matrix import browser_of


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_stored_files_take_no_line_of_history(cast: Cast):
    dossier, by = cast.dossiers["purchase"], cast.users["marieke"]
    send(
        dossier,
        by=by,
        parties=[cast.parties["sanne"]],
        subject="Paspoort",
        body="Stuurt u een foto?",
    )
    for _ in range(HISTORY_MAX):
        send_file(cast.users["sanne"], dossier)
    shown = (
        browser_of(by).get(reverse("office:conversations", args=[dossier.pk])).context["history"]
    )
    assert shown[0]["text"] == "stuurde bericht “Paspoort”"


@pytest.mark.parametrize(("face", "who"), [("client", "sanne"), ("office", "marieke")])
def test_history_tells_view_from_download(cast: Cast, face: str, who: str):
    dossier, by = cast.dossiers["purchase"], cast.users["marieke"]
    files = [store(by, dossier, name="brief.pdf")]
    sent = send(
        dossier,
        by=by,
        parties=[cast.parties["sanne"]],
        subject="Paspoort",
        body="Stuurt u een foto?",
        files=files,
    )
    attachment, browser = sent.attachments.get(), browser_of(cast.users[who])
    for route in ("attachment_shown", "attachment"):
        assert browser.get(reverse(f"{face}:{route}", args=[attachment.pk])).getvalue() == PDF
    assert [event["text"] for event in history_of(dossier, most=2)] == [
        "downloadde ‘brief.pdf’",
        "opende ‘brief.pdf’",
    ]
