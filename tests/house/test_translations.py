"""Every string of the portal has its Dutch, in the catalogue of the app that says it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from tests.house.source import ROOT, SOURCE, place

KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
}
APPS = sorted(path.parent for path in SOURCE.rglob("apps.py"))
CATALOGUES = sorted(SOURCE.rglob("locale/nl/LC_MESSAGES/django.po"))

# Words of Django that the portal translates in its own way; no string of ours uses them.
DJANGOS_OWN: set[str] = set()


def said(app: Path) -> set[str]:
    """Return the msgids in the Python files and templates of an app."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")
    extracted = extract_from_dir(app, methods, options, KEYWORDS)
    return {
        key(ids, context)
        for name, _line, ids, _comments, context in extracted
        if "migrations" not in name and _app_of(app / name) == app
    }


def _app_of(path: Path) -> Path | None:
    around = [app for app in APPS if path.is_relative_to(app)]
    return max(around, key=lambda app: len(app.parts), default=None)


def key(ids: str | tuple[str, ...] | list[str], context: str | None) -> str:
    return f"{context}\4" * bool(context) + (ids if isinstance(ids, str) else ids[0])


@cache
def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="nl", abort_invalid=True)


def entries() -> list[tuple[Path, Message]]:
    return [(path, message) for path in CATALOGUES for message in catalogue(path) if message.id]


@pytest.mark.parametrize("app", APPS, ids=lambda app: place(app))
def test_every_string_stands_in_the_catalogue_of_its_app(app):
    path = app / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    known = (
        {key(message.id, message.context) for message in catalogue(path) if message.id}
        if path.exists()
        else set()
    )
    assert said(app) == known - DJANGOS_OWN


def test_every_string_has_its_dutch():
    bare = [
        f"{place(path)}: {message.id}"
        for path, message in entries()
        if message.fuzzy or not all(_forms(message.string))
    ]
    assert bare == []


def test_the_dutch_keeps_what_is_filled_in():
    """The Dutch has the placeholders of the English; a singular may leave out the number."""

    def values(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]|{\w*}|%[sd]", text))

    broken = [
        f"{place(path)}: {form}"
        for path, message in entries()
        for form in filter(None, _forms(message.string))
        if not (
            values(form) == values(_forms(message.id)[-1])
            or (form != _forms(message.string)[-1] and not values(form))
        )
    ]
    assert broken == []


def test_the_dutch_is_calm():
    """No exclamation marks, 'u' and never 'je', nothing 'succesvol'."""
    loud = re.compile(r"!|succesvol|\b(je|jij|jouw|jullie)\b", re.I)
    assert {
        form for _, message in entries() for form in _forms(message.string) if loud.search(form)
    } == set()


def test_a_word_has_one_dutch_word():
    """The same English string has the same Dutch everywhere, unless it has a context."""
    said_as: dict[str, set[str]] = {}
    for _, message in entries():
        said_as.setdefault(key(message.id, message.context), set()).add(_forms(message.string)[0])
    assert {english: dutch for english, dutch in said_as.items() if len(dutch) > 1} == {}


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)
