"""Placeholders of canned replies, from a short, fixed list.

They are no template language: a name that is not in the list stays in the text unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portaal.domain.dossiers.models import Dossier, Party

PLACEHOLDER = re.compile(r"\{(\w+)\}")

# From the name between braces to its value; an empty value leaves the placeholder in the text.
PLACEHOLDERS: dict[str, Callable[[Dossier, Party | None], str]] = {
    "aanhef": lambda dossier, party: (
        party.client.formal_name or party.client.name if party else _("Sir or Madam")
    ),
    "naam": lambda dossier, party: party.client.name if party else "",
    "dossiernummer": lambda dossier, party: dossier.number,
    "omschrijving": lambda dossier, party: dossier.description,
    "behandelaar": lambda dossier, party: dossier.handler.full_name,
    "passeerdatum": lambda dossier, party: _appointment(dossier, "l j F"),
    "passeertijd": lambda dossier, party: _appointment(
        dossier, "G:i" if get_language() == "en" else "G.i \\u\\u\\r"
    ),
}


def fill(text: str, dossier: Dossier, party: Party | None, *, language: str) -> str:
    """Return `text` with its placeholders replaced for one party, in `language`.

    A placeholder without a value stays in braces for the writer to replace; `unfilled` finds it.
    """
    return "".join(run for run, _replaced in fill_runs(text, dossier, party, language=language))


def fill_runs(
    text: str, dossier: Dossier, party: Party | None, *, language: str
) -> list[tuple[str, bool]]:
    """Return the result of `fill` as runs of text, each with True where it was a placeholder."""

    def value(name: str) -> str:
        look_up = PLACEHOLDERS.get(name)
        return (look_up(dossier, party) if look_up else "") or f"{{{name}}}"

    with translation.override(language):
        runs = PLACEHOLDER.split(text)  # every second one is the name of a placeholder
        return [(value(run), True) if index % 2 else (run, False) for index, run in enumerate(runs)]


def unfilled(text: str) -> list[str]:
    """Return the placeholders that are still in a text, with their braces, each once."""
    return [
        f"{{{name}}}" for name in dict.fromkeys(PLACEHOLDER.findall(text)) if name in PLACEHOLDERS
    ]


def unknown_placeholders(text: str) -> list[str]:
    """Return the names between braces that are no placeholder, with their braces."""
    return [f"{{{name}}}" for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]


def _appointment(dossier: Dossier, format: str) -> str:
    at = dossier.appointment_at
    return date_format(timezone.localtime(at), format) if at else ""
