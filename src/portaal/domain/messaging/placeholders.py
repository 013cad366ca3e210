"""Standard replies: texts of the office with fields from a short, fixed list. Never a template language: a field is looked up
here or stays as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portaal.domain.dossiers.models import Dossier, Party

PLACEHOLDER = re.compile(r"\{(\w+)\}")

# What stands between braces, and what it becomes; empty where nothing is known.
PLACEHOLDERS: dict[str, Callable[[Dossier, Party | None], str]] = {
    "aanhef": lambda dossier, party: (
        party.client.formal_name or party.client.name if party else _("Sir or Madam")
    ),
    "naam": lambda dossier, party: party.client.name if party else "",
    "dossiernummer": lambda dossier, party: dossier.number,
    "omschrijving": lambda dossier, party: dossier.description,
    "behandelaar": lambda dossier, party: dossier.handler.full_name,
    "passeerdatum": lambda dossier, party: _at(dossier, "l j F"),
    "passeertijd": lambda dossier, party: _at(
        dossier, "G:i" if get_language() == "en" else "G.i \\u\\u\\r"
    ),
}


def fill(text: str, dossier: Dossier, party: Party | None, *, language: str) -> str:
    """`text` with its fields fill in for one party, in the words of its language. What is not known yet stays in braces, for
    whoever writes to fill in; `unfilled` says which."""
    return "".join(words for words, _is_field in fill_runs(text, dossier, party, language=language))


def fill_runs(
    text: str, dossier: Dossier, party: Party | None, *, language: str
) -> list[tuple[str, bool]]:
    """`text` as `fill` gives it, in pieces: the words, and whether they stand in a field's place."""

    def word(name: str) -> str:
        look_up = PLACEHOLDERS.get(name)
        return (look_up(dossier, party) if look_up else "") or f"{{{name}}}"

    with translation.override(language):
        parts = PLACEHOLDER.split(text)  # every second one is the name of a field
        return [
            (word(part), True) if number % 2 else (part, False) for number, part in enumerate(parts)
        ]


def unfilled(text: str) -> list[str]:
    """The fields that are still in a text, as they stand there."""
    return [
        f"{{{name}}}" for name in dict.fromkeys(PLACEHOLDER.findall(text)) if name in PLACEHOLDERS
    ]


def unknown_placeholders(text: str) -> list[str]:
    """What stands between braces and is no field."""
    return [f"{{{name}}}" for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]


def _at(dossier: Dossier, how: str) -> str:
    return (
        date_format(timezone.localtime(dossier.appointment_at), how)
        if dossier.appointment_at
        else ""
    )
