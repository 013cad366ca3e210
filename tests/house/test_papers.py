"""What the papers say of the code is true."""

from __future__ import annotations

import re

from django.apps import apps
from django.conf import settings
from tests.house.source import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
# Models for which an office has no word.
NAMELESS = {"Head": "the journal's own bookkeeping"}


def test_the_readme_has_the_logins_of_the_demo():
    logins = re.findall(r"^\| (.+?) \| (\S+@\S+) \|$", README, re.M)
    assert logins == settings.DEMO_LOGINS + settings.DEMO_STAFF
    assert f"`{settings.DEMO_PASSWORD}`" in README


def test_what_the_papers_point_to_exists():
    papers = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    links = [
        (paper, link)
        for paper in papers
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", paper.read_text())
    ]
    assert [
        f"{paper.name}: {link}" for paper, link in links if not (paper.parent / link).exists()
    ] == []


def test_every_command_of_the_readme_is_in_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) - targets == set()


def test_every_model_has_its_dutch_word():
    words = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    models = {
        model.__name__ for model in apps.get_models() if model.__module__.startswith("portaal.")
    }
    assert {name for name in models if not re.search(rf"`{name}\b", words)} == set(NAMELESS)
