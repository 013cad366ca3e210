"""The history of a dossier at the office."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from tests.people import PDF, Cast, make_cast, store
from tests.people import send as send_file

from portaal.domain.dossiers.verbs import assign, set_appointment, unassign
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.keys.verbs import destroy
from portaal.domain.messaging.verbs import send
from portaal.faces.office.dossiers.history import HISTORY_MAX, history_of

from .matrix import browser_of


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_history_names_assigned_colleagues(cast: Cast):
    dossier, by, joost = cast.dossiers["purchase"], cast.users["marieke"], cast.users["joost"]
    assign(dossier, by=by, user=joost, kind="deputy")
    unassign(dossier, by=by, user=joost)
    page = browser_of(by).get(reverse("office:history", args=[dossier.pk])).content.decode()
    assert "wees ‘Joost’ toe aan het dossier" in page
    assert "haalde ‘Joost’ van het dossier" in page


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


APPOINTMENTS = [
    datetime(2026, 12, 1, 10, 30, tzinfo=ZoneInfo("Europe/Amsterdam")),
    datetime(2026, 12, 2, 14, 0, tzinfo=ZoneInfo("Europe/Amsterdam")),
    None,
]


def shown_history(cast: Cast) -> list[str]:
    address = reverse("office:history", args=[cast.dossiers["purchase"].pk])
    shown = browser_of(cast.users["marieke"]).get(address)
    assert shown.status_code == 200
    return [event["text"] for event in shown.context["history"]]


def test_history_shows_old_and_new_value_of_a_correction(cast: Cast):
    for at in APPOINTMENTS:
        set_appointment(cast.dossiers["purchase"], by=cast.users["marieke"], at=at)
    assert shown_history(cast)[:3] == [
        "veranderde de afspraak: van 2 december 2026, 14.00 uur naar geen",
        "veranderde de afspraak: van 1 december 2026, 10.30 uur naar 2 december 2026, 14.00 uur",
        "veranderde de afspraak: van geen naar 1 december 2026, 10.30 uur",
    ]


def test_history_shows_no_value_once_the_vault_is_destroyed(cast: Cast):
    set_appointment(cast.dossiers["purchase"], by=cast.users["marieke"], at=APPOINTMENTS[0])
    destroy(cast.dossiers["purchase"].vault, by=SYSTEM)
    assert shown_history(cast)[0] == "veranderde de afspraak"
