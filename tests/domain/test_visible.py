"""Rows of `visible_to` have a type of their own, which the faces' lookup demands."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Model
from tests.people import Cast

from portaal.domain.dossiers.models import Access, Party, Step
from portaal.domain.notifications import undelivered
from portaal.domain.visible import Visible

MODELS = [model for model in apps.get_models() if hasattr(model._default_manager, "visible_to")]


@pytest.mark.parametrize("person", ["sanne", "marieke", "ina"])
@pytest.mark.parametrize("model", MODELS)
def test_visible_rows_have_their_own_type_also_when_filtered(
    model: type[Model], person: str, cast: Cast
) -> None:
    rows = model._default_manager.visible_to(cast.users[person])
    assert isinstance(rows, Visible)
    assert isinstance(rows.filter(pk=None).select_related(), Visible)


@pytest.mark.parametrize("person", ["sanne", "marieke"])
def test_visible_mails_have_their_own_type(person: str, cast: Cast) -> None:
    assert isinstance(undelivered.visible_to(cast.users[person]), Visible)


@pytest.mark.parametrize("model", MODELS)
def test_all_rows_are_not_visible_rows(model: type[Model]) -> None:
    assert not isinstance(model._default_manager.all(), Visible)


@pytest.mark.parametrize(
    ("person", "names"),
    [
        ("sanne", {"sanne"}),
        ("emre", {"emre", "secret"}),
        ("ties", set()),
        ("ungranted", set()),
        ("joost", {"sanne", "emre", "ties", "anker"}),
        ("ina", set()),
    ],
)
def test_user_sees_own_parties_or_those_of_visible_dossiers(
    cast: Cast, person: str, names: set[str]
) -> None:
    seen = set(Party.objects.visible_to(cast.users[person]))
    assert {name for name, party in cast.parties.items() if party in seen} == names


@pytest.mark.parametrize(
    ("person", "names"),
    [("sanne", {"purchase"}), ("olga", set()), ("joost", {"purchase", "holding"})],
)
def test_user_sees_steps_of_visible_dossiers(cast: Cast, person: str, names: set[str]) -> None:
    seen = Step.objects.visible_to(cast.users[person])
    dossiers = {name: dossier.pk for name, dossier in cast.dossiers.items()}
    assert {name for name, pk in dossiers.items() if seen.filter(dossier=pk)} == names


def test_client_does_not_see_own_party_without_access(cast: Cast) -> None:
    party = cast.parties["sanne"]
    party.access = Access.NONE
    party.save(update_fields=["access"])
    assert not Party.objects.visible_to(cast.users["sanne"]).exists()
