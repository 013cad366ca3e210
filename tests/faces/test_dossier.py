"""A dossier opens on a tab with content."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.people import PDF, Cast, make_cast, open_dossier, publish_to, store

from portaal.domain.documents.models import Publication
from portaal.domain.dossiers import verbs as dossiers
from portaal.domain.dossiers.models import Party
from portaal.domain.messaging.verbs import send

from .matrix import browser_of


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def party(cast: Cast) -> Party:
    by = cast.users["marieke"]
    return dossiers.admit(
        open_dossier(cast, by, "2026.9"), by=by, client=cast.clients["olga"], role="buyer"
    )


def opened(browser: Client, party: Party) -> str:
    """Return the tab on which the dossier opens."""
    context = browser.get(reverse("client:dossier", args=[party.dossier_id])).context
    return str(context["tab"])


def read(browser: Client, publication: Publication) -> None:
    assert browser.get(reverse("client:download", args=[publication.pk])).getvalue() == PDF


def test_dossier_opens_first_tab_with_content(cast: Cast, party: Party):
    by, browser = cast.users["marieke"], browser_of(cast.users["olga"])
    found = [opened(browser, party)]
    send(party.dossier, by=by, parties=[party], subject="Vraag", body="Komt vrijdag u uit?")
    found.append(opened(browser, party))
    publish_to([party], by)
    found.append(opened(browser, party))
    assert found == ["correspondentie", "berichten", "documenten"]


def test_attachment_of_the_office_is_not_shown_as_the_clients_own(cast: Cast, party: Party):
    by, browser = cast.users["marieke"], browser_of(cast.users["olga"])
    files = [store(by, party.dossier)]
    send(party.dossier, by=by, parties=[party], subject="Akte", body="Hierbij.", files=files)
    assert opened(browser, party) == "berichten"
    tab = browser.get(reverse("client:dossier_tab", args=[party.dossier_id, "aangeleverd"]))
    assert "akte.pdf" not in tab.content.decode()


def test_dossier_opens_same_tab_after_reading(cast: Cast, party: Party):
    by, browser = cast.users["marieke"], browser_of(cast.users["olga"])
    send(party.dossier, by=by, parties=[party], subject="Vraag", body="Komt vrijdag u uit?")
    publication = publish_to([party], by)
    before = opened(browser, party)
    read(browser, publication)
    assert before == "documenten"
    assert opened(browser, party) == "documenten"
