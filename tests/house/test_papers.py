"""Claims of the documents about the code are true."""

from __future__ import annotations

import re

from django.apps import apps
from django.conf import settings
from tests.house.source import ROOT, modules
from tests.house.test_verbs import public

README = (ROOT / "README.md").read_text(encoding="utf-8")
# Models without a word in the language of an office.
NAMELESS = {"Head": "the journal's own bookkeeping"}


def test_readme_lists_the_demo_logins():
    logins = re.findall(r"^\| (.+?) \| (\S+@\S+) \|$", README, re.M)
    assert logins == settings.DEMO_LOGINS + settings.DEMO_STAFF
    assert f"`{settings.DEMO_PASSWORD}`" in README


def test_links_of_documents_exist():
    papers = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    links = [
        (paper, link)
        for paper in papers
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
    papers = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    paths = {
        path
        for paper in papers
        for path in re.findall(r"`((?:tests|tools|docs|src|frontend)/[\w./-]+)`", paper.read_text())
    }
    assert {path for path in paths if not (ROOT / path).exists()} == set()
