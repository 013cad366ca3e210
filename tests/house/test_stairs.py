"""Foreign keys point to lower rooms, as imports do."""

from __future__ import annotations

import tomllib

from django.apps import apps
from tests.house.source import ROOT, SOURCE

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
STAIRS = next(
    contract["layers"] for contract in CONTRACTS if contract.get("containers") == ["portaal.domain"]
)
ROOMS = [room.strip() for step in reversed(STAIRS) for room in step.split("|")]  # lowest first

# Modules below all rooms.
BASE_MODULES = {"problems", "visible", "context", "periodic", "external"}

# The actor of an event: the journal is below the logins, and still names them.
UPWARDS = {"journal.Event.actor", "journal.SecurityEvent.actor"}


def test_foreign_keys_point_down():
    def step(model) -> int:
        return next(
            number
            for number, layer in enumerate(reversed(STAIRS))
            if model._meta.app_label in layer
        )

    rooms = [model for model in apps.get_models() if model.__module__.startswith("portaal.domain.")]
    upwards = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in rooms
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.related_model in rooms
        and model._meta.app_label != field.related_model._meta.app_label
        and step(field.related_model) >= step(model)
    }
    assert upwards == UPWARDS


def test_each_model_is_in_a_room():
    homeless = [
        str(model)
        for model in apps.get_models()
        if model.__module__.startswith("portaal.") and model._meta.app_label not in ROOMS
    ]
    assert homeless == []


def test_each_room_is_in_the_layers():
    rooms = {path.parent.name for path in (SOURCE / "domain").glob("*/__init__.py")}
    assert rooms == set(ROOMS) - BASE_MODULES
