"""Claims of the documents about the code are true."""

from __future__ import annotations

import re
import tomllib

from django.apps import apps
from django.conf import settings
from tests.house.source import ROOT, modules
from tests.house.test_verbs import public

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAPERS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
SCREEN = 50  # lines
# Models without a word in the language of an office.
NAMELESS = {"Head": "the journal's own bookkeeping"}


def test_readme_lists_the_demo_logins():
    logins = re.findall(r"^\| (.+?) \| (\S+@\S+) \|$", README, re.M)
    assert logins == settings.DEMO_LOGINS + settings.DEMO_STAFF
    assert f"`{settings.DEMO_PASSWORD}`" in README


def test_links_of_documents_exist():
    links = [
        (paper, link)
        for paper in PAPERS
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", paper.read_text())
    ]
    assert [
        f"{paper.name}: {link}" for paper, link in links if not (paper.parent / link).exists()
    ] == []


def test_commands_of_the_readme_are_in_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) - targets == set()


def test_each_model_is_in_the_glossary():
    models = {
        model.__name__ for model in apps.get_models() if model.__module__.startswith("portaal.")
    }
    assert models - code_words() == set(NAMELESS)


def test_each_verb_is_in_the_glossary():
    verbs = {name for _path, name, _function in public()}
    assert verbs - code_words() == set()


def test_each_name_in_the_glossary_is_in_the_source():
    source = {word for path in modules() for word in re.findall(r"\w+", path.read_text())}
    assert code_words() - source == set()


def code_words() -> set[str]:
    """Return the words in backticks of the glossary's third column."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("|")]
    names = {name for row in rows for cell in row[3:] for name in re.findall(r"`([^`]+)`", cell)}
    return {word for name in names for word in name.split(".")}


def test_each_path_in_the_documents_exists():
    paths = {
        path
        for paper in PAPERS
        for path in re.findall(r"`((?:tests|tools|docs|src|frontend)/[\w./-]+)`", paper.read_text())
    }
    assert {path for path in paths if not (ROOT / path).exists()} == set()


def test_structure_fits_on_one_screen():
    assert len((ROOT / "docs" / "structure.md").read_text().splitlines()) <= SCREEN


def test_picture_of_the_structure_shows_the_layers():
    picture = (ROOT / "docs" / "structure.svg").read_text(encoding="utf-8")
    lines: dict[float, list[str]] = {}
    for height, name in re.findall(r'y="([\d.]+)" class="name">([^<]+)<', picture):
        lines.setdefault(float(height), []).extend(name.split(" · "))
    assert [lines[height] for height in sorted(lines) if lines[height] != ["domain"]] == layers()


def layers() -> list[list[str]]:
    """Return the names on each layer of the contracts, from the top."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {
        contract["containers"][0]: [
            [name.strip() for name in layer.split("|")] for layer in contract["layers"]
        ]
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    }
    faces = [[f"faces/{face}" for face in layer] for layer in contracts["portaal.faces"]]
    inside = {"faces": faces, "domain": contracts["portaal.domain"]}
    return [line for layer in contracts["portaal"] for line in inside.get(layer[0], [layer])]


def test_each_rule_is_in_its_file():
    rows = re.findall(
        r"^\| .+ \| `(.+)` \| `(.+)` \|$", (ROOT / "docs" / "rules.md").read_text(), re.M
    )
    assert len(rows) >= 10
    assert [
        (path, name)
        for path, name in rows
        if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", (ROOT / path).read_text())
    ] == []


def test_each_table_is_described_in_its_room():
    room, described = "", set()
    text = (ROOT / "docs" / "domain.md").read_text(encoding="utf-8")
    for first, tables in re.findall(r"^\| (\w*) ?\| ((?:`\w+`(?:, )?)+) \|", text, re.M):
        room = first or room
        described |= {(room, table) for table in re.findall(r"\w+", tables)}
    assert described == {
        (model._meta.app_label, model.__name__)
        for model in apps.get_models()
        if model.__module__.startswith("portaal.")
    }
