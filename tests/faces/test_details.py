"""Details of a client ("Mijn gegevens", manual 2.2)."""

from __future__ import annotations

import pytest
from tests.people import Cast, open_dossier

from portaal.domain.dossiers.models import Dossier
from portaal.domain.dossiers.verbs import admit

from .matrix import browser_of


def test_save_button_precedes_details_kept_by_office(cast: Cast):
    page = browser_of(cast.users["sanne"]).get("/mijn-gegevens/").content.decode()
    parts = [
        "Druk op Opslaan.",
        "Notificaties</h2>",
        "Opslaan</button>",
        "</form>\n  <div",
        "Gegevens</h2>",
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize("tab", ["correspondentie", "documenten"])
def test_empty_tab_promises_email_only_to_user_who_wants_it(cast: Cast, tab: str):
    browser, place = browser_of(cast.users["olga"]), f"/dossiers/{open_to_olga(cast).pk}/{tab}/"
    promised = []
    for wanted in ({"documents": "on"}, {"messages": "on", "questionnaires": "on"}):
        browser.post("/mijn-gegevens/", {"language": "nl", **wanted})
        page = browser.get(place).content.decode()
        promised.append("U krijgt dan een e-mail." in page)
        assert "voor u klaarzetten, vindt u" in page
    assert promised == [True, False]


def open_to_olga(cast: Cast) -> Dossier:
    """Return an empty dossier of Olga."""
    by = cast.users["marieke"]
    dossier = open_dossier(cast, by, "2026.000009")
    admit(dossier, by=by, client=cast.clients["olga"], role="buyer")
    return dossier
