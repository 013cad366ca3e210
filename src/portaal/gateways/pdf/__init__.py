"""PDF: one document from a template of ours and plain data; PDF/A-2a and PDF/UA-1 in one file."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
FONTS = HERE / "fonts"

# Where the build finds each font (an npm package and the path in it). Whole files: the licence does not let
# a changed font keep its name.
FONT_FILES = {
    "SourceSerif4_400Regular.ttf": "@expo-google-fonts/source-serif-4/400Regular",
    "SourceSerif4_400Regular_Italic.ttf": "@expo-google-fonts/source-serif-4/400Regular_Italic",
    "SourceSerif4_600SemiBold.ttf": "@expo-google-fonts/source-serif-4/600SemiBold",
    "AtkinsonHyperlegibleNext_400Regular.ttf": "@expo-google-fonts/atkinson-hyperlegible-next/400Regular",
    "AtkinsonHyperlegibleNext_700Bold.ttf": "@expo-google-fonts/atkinson-hyperlegible-next/700Bold",
}


def render(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of templates/<template>.typ with this data, made `at`; the same input gives the same bytes.

    The data travels as JSON beside the template and is never part of its markup.
    """
    if at.tzinfo is None:
        raise ValueError("The moment of a document needs a time zone.")
    pdf = typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """Read once: it takes longer than making a document. Without our own fonts a page would be empty."""
    missing = [name for name in FONT_FILES if not (FONTS / name).exists()]
    if missing:
        raise FileNotFoundError(
            f"{', '.join(missing)} not found in {FONTS}: the build has not put the fonts there."
        )
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
