"""One party learns nothing of another, and a page costs the same however much there is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.people import Cast, make_cast, open_dossier, publish_to

from portaal.domain.documents.verbs import withdraw
from portaal.domain.dossiers import verbs as dossiers

from .matrix import browser_of


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def _sees(cast: Cast, person: str) -> list[object]:
    """Every count and title that a login meets about a dossier that two parties share."""
    browser = browser_of(cast.users[person])
    home = browser.get("/").context
    page = browser.get(reverse("client:dossier_tab", args=[cast.dossiers["purchase"].pk, "documenten"])).context
    found = [
        home["unread_total"],
        [item.title for item in home["new_items"]],
        [(tab["total"], tab["unread"]) for tab in page["tabs"]],
        [row.title for row in page["rows"]],
    ]
    cast.users[person].sessions.all().delete()
    return found


def test_what_one_party_gets_changes_nothing_for_the_other(cast: Cast):
    before = _sees(cast, "sanne")
    publication = publish_to([cast.parties["emre"]], cast.users["marieke"], title="Alleen voor Emre")
    assert "Alleen voor Emre" in str(_sees(cast, "emre"))  # it could leak
    assert _sees(cast, "sanne") == before
    withdraw(publication, by=cast.users["marieke"])
    assert _sees(cast, "sanne") == before


def _queries(cast: Cast, path: str) -> int:
    browser = browser_of(cast.users["olga"])
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    cast.users["olga"].sessions.all().delete()
    return len(captured)


def test_pages_cost_the_same_with_few_and_with_many(cast: Cast):
    by = cast.users["marieke"]

    def add(first: int, last: int) -> None:
        for number in range(first, last):
            dossier = open_dossier(cast, by, f"O{number}")
            party = dossiers.admit(dossier, by=by, client=cast.clients["olga"], role="buyer")
            publish_to([party], by)

    def cost() -> dict[str, int]:
        dossier = cast.clients["olga"].parties.order_by("admitted_at")[0].dossier_id
        pages = {"home": "/", "list": "/dossiers/?q=", "dossier": reverse("client:dossier_tab", args=[dossier, "documenten"])}
        return {name: _queries(cast, path) for name, path in pages.items()}

    add(0, 1)
    with_one = cost()
    add(1, 60)
    party = cast.clients["olga"].parties.order_by("admitted_at")[0]
    for _ in range(30):
        publish_to([party], by)
    assert cost() == with_one == {"home": 5, "list": 5, "dossier": 6}
