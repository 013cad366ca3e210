"""Page families: each has routes, views, forms and templates of its own."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest
from tests.house.source import SOURCE, templates, tree
from tests.house.test_one_verb import imports
from tests.house.test_templates import name, named_in

FACES = ("client", "office")

# Modules of a family besides its urls, views and forms.
HELPERS = {
    "client/dossiers/rows": "rows of the list, and tabs",
    "client/home/rows": "rows of what is new",
    "office/clients/rows": "logins on the card of a client",
    "office/dossiers/history": "events in words",
    "office/dossiers/page": "head and side of every page of a dossier",
    "office/dossiers/parties": "views of the parties of a dossier",
}
# Families that use modules or templates of another family, with the reason.
BORROWED = {
    ("office/documents", "office/dossiers"): "a page of a dossier, with its head and side",
    ("office/messages", "office/dossiers"): "pages of a dossier, with its head and side",
    ("office/dossiers", "office/clients"): "admitting a party may invite the client",
}


def families(face: str) -> list[str]:
    return sorted(path.parent.name for path in (SOURCE / "faces" / face).glob("*/__init__.py"))


def modules_of(face: str, family: str) -> list[Path]:
    return sorted((SOURCE / "faces" / face / family).rglob("*.py"))


@pytest.mark.parametrize("face", FACES)
def test_family_holds_urls_views_forms_and_listed_helpers(face: str) -> None:
    helpers = {
        f"{face}/{family}/{path.stem}"
        for family in families(face)
        for path in modules_of(face, family)
        if path.stem not in ("__init__", "urls", "views", "forms")
    }
    assert helpers == {helper for helper in HELPERS if helper.startswith(f"{face}/")}


@pytest.mark.parametrize("face", FACES)
def test_routes_of_a_face_are_those_of_its_families(face: str) -> None:
    package = f"portaal.faces.{face}"
    routes = [
        route
        for family in families(face)
        for route in import_module(f"{package}.{family}.urls").urlpatterns
    ]
    composed = import_module(f"{package}.urls").urlpatterns
    assert sorted(map(id, composed)) == sorted(map(id, routes))


@pytest.mark.parametrize("face", FACES)
def test_templates_are_in_the_folder_of_a_family(face: str) -> None:
    folders = {
        Path(name(path)).parts[1:-1] for path in templates() if name(path).startswith(f"{face}/")
    }
    assert folders <= {(), ("parts",), *((family,) for family in families(face))}


def test_family_uses_another_only_as_listed() -> None:
    borrowed = {
        (user, owner)
        for face in FACES
        for family in families(face)
        for user in [f"{face}/{family}"]
        for owner in used_by(face, family)
        if owner != user
    }
    assert borrowed == set(BORROWED)


def used_by(face: str, family: str) -> set[str]:
    """Return the families of the same face whose modules or templates this one names."""
    packages = (f"portaal.faces.{face}.{each}" for each in families(face))
    imported = {each for path in modules_of(face, family) for each in imports(path).values()}
    owners = {
        package for package in packages for each in imported if f"{each}.".startswith(f"{package}.")
    }
    own_templates = [path for path in templates() if name(path).startswith(f"{face}/{family}/")]
    named = {other for path in own_templates for other in named_in(path)}
    named |= {text for path in modules_of(face, family) for text in _template_names(path, face)}
    return {"/".join(owner.split(".")[2:4]) for owner in owners} | {
        f"{face}/{each}" for each in families(face) for text in named if _is_in(text, face, each)
    }


def _template_names(path: Path, face: str) -> set[str]:
    """Return the names in a module that end in .html; `show` leaves out the face."""
    texts = [node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant)]
    named = {text for text in texts if isinstance(text, str) and text.endswith(".html")}
    return {text if text.startswith(f"{face}/") else f"{face}/{text}" for text in named}


def _is_in(template: str, face: str, family: str) -> bool:
    return template.startswith(f"{face}/{family}/")
