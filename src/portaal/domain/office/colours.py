"""The readable colours of the house style as hex, for mail and PDF.

The browser derives the same colours in tokens.css. Lightness and chroma are clamped in OKLCH, so
every colour that an office chooses keeps a contrast on white of 4.5:1 for text and 3:1 for shapes.
Conversion: Björn Ottosson, "A perceptual color space for image processing" (2020).
Contrast: relative luminance of WCAG 2.2.
"""

from __future__ import annotations

from math import atan2, cos, hypot, sin
from typing import NamedTuple

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

LMS_OF_RGB: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
LAB_OF_LMS: Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
LMS_OF_LAB: Matrix = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
RGB_OF_LMS: Matrix = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
LUMINANCE: Triple = (0.2126, 0.7152, 0.0722)


class Role(NamedTuple):
    """A source colour with bounds on lightness and chroma, from tokens.css (light scheme)."""

    source: str
    darkest: float
    lightest: float
    chroma: float


ROLES = {
    "action": Role("brand", 0.30, 0.47, 0.15),
    "margin": Role("accent", 0.45, 0.68, 0.17),
    "mark": Role("accent", 0.36, 0.48, 0.17),
}


def on_paper(brand: str, accent: str) -> dict[str, str]:
    """Return the colour of each role on white, as "#rrggbb"."""
    chosen = {"brand": brand, "accent": accent}
    colours = {}
    for name, role in ROLES.items():
        lightness, chroma, hue = to_oklch(chosen[role.source])
        colours[name] = to_hex(
            (min(max(lightness, role.darkest), role.lightest), min(chroma, role.chroma), hue)
        )
    return colours


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, from 1 (the same colour) to 21 (black on white)."""
    dark, light = sorted(
        sum(map(float.__mul__, LUMINANCE, _linear(colour))) for colour in (one, other)
    )
    return (light + 0.05) / (dark + 0.05)


def to_oklch(colour: str) -> Triple:
    """Return lightness 0..1, chroma, and hue in radians of "#rrggbb"."""
    long, medium, short = _times(LMS_OF_RGB, _linear(colour))
    lightness, a, b = _times(LAB_OF_LMS, (long ** (1 / 3), medium ** (1 / 3), short ** (1 / 3)))
    return lightness, hypot(a, b), atan2(b, a)


def to_hex(oklch: Triple) -> str:
    """Return "#rrggbb". Clips each channel of a colour outside sRGB, as browsers do."""
    lightness, chroma, hue = oklch
    long, medium, short = _times(LMS_OF_LAB, (lightness, chroma * cos(hue), chroma * sin(hue)))
    channels = (
        min(max(channel, 0.0), 1.0)
        for channel in _times(RGB_OF_LMS, (long**3, medium**3, short**3))
    )
    return "#" + "".join(
        f"{round(255 * (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055)):02x}"
        for c in channels
    )


def _linear(colour: str) -> Triple:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return red, green, blue


def _times(matrix: Matrix, vector: Triple) -> Triple:
    one, two, three = (sum(map(float.__mul__, row, vector)) for row in matrix)
    return one, two, three
