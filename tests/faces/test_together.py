"""Two handlers act in one dossier: the later one sees what the other did."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from tests.people import Cast
from tests.snapshot import restore_cast

from portaal.domain.documents.verbs import withdraw
from portaal.domain.dossiers.verbs import advance, change_status, remove_party
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.office.verbs import add_status

from .matrix import browser_of


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def test_status_changed_by_colleague_is_not_overwritten(cast: Cast):
    dossier, browser = cast.dossiers["purchase"], browser_of(cast.users["marieke"])
    waiting = add_status(by=SYSTEM, name_nl="Wacht", name_en="Waiting", group="in_progress")
    form = browser.get(reverse("office:progress", args=[dossier.pk])).context["status_form"]
    change_status(dossier, by=cast.users["joost"], status=cast.closed)
    said = {"status": waiting.pk, "was": form["was"].value()}
    answer = browser.post(reverse("office:status", args=[dossier.pk]), said, follow=True)
    assert "Intussen heeft Joost de status gewijzigd in ‘Afgehandeld’." in answer.content.decode()
    assert answer.context["dossier"].status == cast.closed


ACTS: dict[str, tuple[Callable[[Cast], object], Callable[[Cast], tuple[str, dict[str, str]]]]] = {
    "step": (
        lambda cast: advance(cast.dossiers["purchase"].steps.all()[0], by=cast.users["joost"]),
        lambda cast: (
            reverse("office:step_done", args=[cast.dossiers["purchase"].steps.all()[0].pk]),
            {"done": "1"},
        ),
    ),
    "party": (
        lambda cast: remove_party(cast.parties["emre"], by=cast.users["joost"]),
        lambda cast: (reverse("office:party_release", args=[cast.parties["emre"].pk]), {}),
    ),
    "publication": (
        lambda cast: withdraw(cast.publications["emre"], by=cast.users["joost"]),
        lambda cast: (
            reverse("office:publication_withdraw", args=[cast.publications["emre"].pk]),
            {},
        ),
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_handler_sees_that_colleague_was_first(cast: Cast, act: str):
    theirs, mine = ACTS[act]
    theirs(cast)
    answer = browser_of(cast.users["marieke"]).post(*mine(cast), follow=True)
    assert "Een collega had dit al gedaan." in answer.content.decode()
