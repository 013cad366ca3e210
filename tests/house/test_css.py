"""Colours are in the tokens only; names are whole words; no class is dead."""

from __future__ import annotations

import re

from tests.house.source import ROOT, SOURCE, place

SHEETS = [
    path
    for folder in (ROOT / "frontend", SOURCE)
    for path in sorted(folder.rglob("*.css"))
    if "built" not in path.parts and "node_modules" not in path.parts
]
TEMPLATES = sorted(SOURCE.rglob("*.html"))
SCRIPTS = sorted((ROOT / "frontend" / "js").rglob("*.js"))
# Keywords of the browser: transparent, currentcolor, and the system colours of forced-colors.
NAMED = (
    "black|white|red|green|blue|yellow|orange|purple|pink|gr[ae]y|silver|navy|teal|maroon|olive|"
    "lime|aqua|fuchsia|gold"
)
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|light-dark)\("
    rf"|[:\s,(](?:{NAMED})(?=[\s;,)!}}])",
    re.I,
)


def test_colours_stand_in_the_tokens():
    loose = [
        place(path, number)
        for path in SHEETS
        if path.name != "tokens.css"
        for text in [_bare(path.read_text())]
        for value in re.finditer(r":[^;{}]*[;}]", text)
        for number in [text.count("\n", 0, value.start()) + 1]
        if COLOUR.search(value[0])
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


def test_a_line_has_at_most_100_columns():
    assert [
        place(path, number)
        for path in SHEETS
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 100
    ] == []


def test_a_name_has_at_least_three_letters():
    names = _classes() | set(re.findall(r"--([a-z][\w-]*)", _sheets()))
    assert [name for name in sorted(names) if len(name) < 3] == []


def test_each_class_of_the_sheets_is_used():
    text = "\n".join(path.read_text() for path in [*TEMPLATES, *SCRIPTS, *SOURCE.rglob("*.py")])
    used = set(re.findall(r"[a-z][\w-]*", text))
    assert sorted(_classes() - used) == []


def test_each_class_of_the_templates_is_known():
    known = _classes() | set(
        re.findall(r"[a-z][\w-]*", "\n".join(path.read_text() for path in SCRIPTS))
    )
    assert [
        f"{place(path, 0)} {name}"
        for path in TEMPLATES
        for attribute in re.findall(
            r'\bclass="((?:\{[%{].*?[%}]\}|[^"{])*)"', path.read_text(), re.S
        )
        for name in re.sub(r"[\w-]*\{[%{].*?[%}]\}[\w-]*", " ", attribute, flags=re.S).split()
        if name not in known
    ] == []


def test_a_component_is_not_restyled_by_the_office():
    assert re.findall(r"\.office\s[^{,]*", _sheets().replace(".office {", "")) == []


def test_only_paper_has_important_declarations():
    assert [
        path.name for path in SHEETS if "!important" in path.read_text() if path.name != "print.css"
    ] == []


def _sheets() -> str:
    """Return the text of all sheets without comments, addresses and strings."""
    return re.sub(r'"[^"]*"', '""', "\n".join(_bare(path.read_text()) for path in SHEETS))


def _classes() -> set[str]:
    """Return the classes that the sheets name."""
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", _sheets()))


def _bare(text: str) -> str:
    """Return the text without comments and addresses, every line still in its place."""
    text = re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), text, flags=re.S)
    return re.sub(r"url\([^)]*\)", "url()", text)
