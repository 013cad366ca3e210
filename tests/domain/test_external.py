"""Ids of other systems: one row an id, for each table that has them."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError
from tests.people import Cast

from portaal.domain.clients.models import Client
from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.external import External

MODELS = [Client, Dossier, Party]


def test_tables_with_an_external_id_are_listed() -> None:
    assert [model for model in apps.get_models() if issubclass(model, External)] == MODELS


@pytest.mark.parametrize("model", MODELS)
def test_one_system_knows_one_row_by_an_id(cast: Cast, model: type[External]) -> None:
    first, second = model._default_manager.all()[:2]
    known = model._default_manager.filter(pk=first.pk)
    known.update(external_source="akten", external_id="17")
    other = model._default_manager.filter(pk=second.pk)
    other.update(external_source="kvk", external_id="17")
    with pytest.raises(IntegrityError):
        other.update(external_source="akten")


@pytest.mark.parametrize("model", MODELS)
def test_rows_without_an_external_id_are_many(cast: Cast, model: type[External]) -> None:
    assert model._default_manager.filter(external_id="").count() > 1
