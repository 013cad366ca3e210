"""Colours stand in the tokens and nowhere else; the layers are the same for all."""

from __future__ import annotations

import re

from tests.house.source import ROOT, SOURCE, place

SHEETS = [
    path
    for folder in (ROOT / "frontend", SOURCE)
    for path in sorted(folder.rglob("*.css"))
    if "built" not in path.parts and "node_modules" not in path.parts
]
# Keywords of the browser: transparent, currentcolor, and the system colours of forced-colors.
NAMED = "black|white|red|green|blue|yellow|orange|purple|pink|gr[ae]y|silver|navy|teal|maroon|olive|lime|aqua|fuchsia|gold"
COLOUR = re.compile(
    rf"#[0-9a-f]{{3,8}}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|light-dark)\(|[:\s,(](?:{NAMED})(?=[\s;,)!}}])",
    re.I,
)


def test_colours_stand_in_the_tokens():
    loose = [
        place(path, number)
        for path in SHEETS
        if path.name != "tokens.css"
        for number, line in enumerate(_bare(path.read_text()).splitlines(), 1)
        if any(COLOUR.search(value) for value in re.findall(r":[^;{}]*[;}]", line + ";"))
    ]
    assert loose == []


def test_there_are_tokens():
    assert [
        path for path in SHEETS if path.name == "tokens.css" and COLOUR.search(path.read_text())
    ] != []


def test_every_token_that_is_used_exists():
    text = "\n".join(_bare(path.read_text()) for path in SHEETS)
    made = set(re.findall(r"(--[\w-]+)\s*:", text))
    markup = "\n".join(path.read_text() for path in SOURCE.rglob("*.py"))
    made |= set(re.findall(r"(--[\w-]+):", markup))
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) - made == set()


def _bare(text: str) -> str:
    """Without comments and addresses, every line still in its place."""
    text = re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), text, flags=re.S)
    return re.sub(r"url\([^)]*\)", "url()", text)
