"""Rows of `visible_to` have a type of their own, which the faces' lookup demands."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Model
from tests.people import Cast

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
