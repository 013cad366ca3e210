"""Any two colours of an office stay readable: on screen, in e-mail and on paper."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from random import Random

import pytest

from portaal.domain.office.colours import ROLES, contrast, on_paper, to_hex, to_oklch

TOKENS = (Path(__file__).parents[2] / "frontend/css/tokens.css").read_text(encoding="utf-8")
TEXT = [
    ("ink", "desk"), ("ink", "sheet"), ("ink", "sunken"), ("ink-soft", "desk"),
    ("ink-soft", "sheet"), ("ink-soft", "sunken"), ("action", "desk"), ("action", "sheet"),
    ("action", "action-soft"), ("on-action", "action"), ("on-action", "action-pressed"),
    ("mark", "sheet"), ("success", "sheet"), ("warning", "sheet"), ("error", "sheet"),
    ("success", "success-soft"), ("warning", "warning-soft"), ("error", "error-soft"),
    ("ink", "action-soft"), ("ink", "warning-soft"),
]  # fmt: skip
SHAPES = [("edge", "sheet"), ("edge", "desk"), ("focus", "desk"), ("focus", "sheet")]
FORMULA = re.compile(
    r"oklch\(from var\(--(?:color-)?([a-z-]+)\) (\S+|clamp\(.+?\)|calc\(.+?\)) (\S+|min\(.+?\)) h\)"
)
CORNERS = ["#" + "".join(parts) for parts in product(("00", "7f", "ff"), repeat=3)]
RANDOM = Random(2021)  # colours, no secrets
COLOURS = CORNERS + [f"#{RANDOM.randrange(1 << 24):06x}" for _ in range(300)]


def derived(brand: str, accent: str) -> dict[str, tuple[str, str]]:
    """Return every colour of tokens.css, evaluated: name to (light, dark)."""
    known: dict[str, tuple[str, str]] = {"brand": (brand, brand), "accent": (accent, accent)}
    for name, value in re.findall(
        r"--color-([a-z-]+):\s*light-dark\((.+?)\s*\);", TOKENS, re.DOTALL
    ):
        value = value.strip()
        if value.startswith(("oklch", "#")) and "rgb" not in value:
            light, dark = re.split(r",\s*(?=oklch|#)", value)
            known[name] = _value(light, known, 0), _value(dark, known, 1)
    return known


def _value(text: str, known: dict[str, tuple[str, str]], theme: int) -> str:
    if text.startswith("#"):
        return text if len(text) == 7 else "#" + "".join(2 * digit for digit in text[1:])
    source, lightness, chroma = FORMULA.fullmatch(text).groups()
    known_l, known_c, hue = to_oklch(known[source][theme])
    names = {
        "l": known_l,
        "c": known_c,
        "min": min,
        "calc": float,
        "clamp": lambda low, x, high: min(max(low, x), high),
    }
    return to_hex((eval(lightness, {}, names), eval(chroma, {}, names), hue))  # noqa: S307 - ours


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_any_house_style_is_readable(theme: int) -> None:
    weak = [
        (colour, front, back)
        for colour in COLOURS
        for colours in [derived(colour, colour)]
        for pairs, least in ((TEXT, 4.5), (SHAPES, 3.0))
        for front, back in pairs
        if contrast(colours[front][theme], colours[back][theme]) < least
    ]
    assert not weak


def test_mail_and_paper_use_the_colours_of_the_screen() -> None:
    for colour in COLOURS:
        colours = derived(colour, colour)
        assert on_paper(colour, colour) == {role: colours[role][0] for role in ROLES}


def test_contrast_follows_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(
        4.48, abs=0.01
    )  # the well-known grey that barely fails
