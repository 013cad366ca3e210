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

FIELD = re.compile(r"\{(\w+)\}")

# What stands between braces, and what it becomes; empty where nothing is known.
FIELDS: dict[str, Callable[[Dossier, Party | None], str]] = {
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


def filled(text: str, dossier: Dossier, party: Party | None, *, language: str) -> str:
    """`text` with its fields filled in for one party, in the words of its language. What is not known yet stays in braces, for
    whoever writes to fill in; `left_open` says which."""
    return "".join(words for words, _is_field in pieces(text, dossier, party, language=language))


def pieces(
    text: str, dossier: Dossier, party: Party | None, *, language: str
) -> list[tuple[str, bool]]:
    """`text` as `filled` gives it, in pieces: the words, and whether they stand in a field's place."""

    def word(name: str) -> str:
        look_up = FIELDS.get(name)
        return (look_up(dossier, party) if look_up else "") or f"{{{name}}}"

    with translation.override(language):
        parts = FIELD.split(text)  # every second one is the name of a field
        return [
            (word(part), True) if number % 2 else (part, False) for number, part in enumerate(parts)
        ]


def left_open(text: str) -> list[str]:
    """The fields that are still in a text, as they stand there."""
    return [f"{{{name}}}" for name in dict.fromkeys(FIELD.findall(text)) if name in FIELDS]


def unknown_fields(text: str) -> list[str]:
    """What stands between braces and is no field."""
    return [f"{{{name}}}" for name in FIELD.findall(text) if name not in FIELDS]


def _at(dossier: Dossier, how: str) -> str:
    return (
        date_format(timezone.localtime(dossier.appointment_at), how)
        if dossier.appointment_at
        else ""
    )
