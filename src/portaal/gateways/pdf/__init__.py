"""PDF documents from our own templates and plain data; both PDF/A-2a and PDF/UA-1."""

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

# The folder in @expo-google-fonts where frontend/build.mjs finds each font: it reads these lines.
# The files stay whole, because the licence does not allow a changed font to keep its name.
FONT_FILES = {
    "SourceSerif4_400Regular.ttf": "source-serif-4/400Regular",
    "SourceSerif4_400Regular_Italic.ttf": "source-serif-4/400Regular_Italic",
    "SourceSerif4_600SemiBold.ttf": "source-serif-4/600SemiBold",
    "AtkinsonHyperlegibleNext_400Regular.ttf": "atkinson-hyperlegible-next/400Regular",
    "AtkinsonHyperlegibleNext_700Bold.ttf": "atkinson-hyperlegible-next/700Bold",
}


def render(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the PDF of templates/<template>.typ with this data.

    The same input gives the same bytes. The data is passed as JSON beside the template and is never
    parsed as markup. `at` is the creation date in the PDF; it must have a time zone, else this
    raises ValueError.
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
    """Load the fonts once, which takes longer than rendering a document.

    Raises FileNotFoundError if one is missing: the pages would be empty.
    """
    missing = [name for name in FONT_FILES if not (FONTS / name).exists()]
    if missing:
        raise FileNotFoundError(
            f"{', '.join(missing)} not found in {FONTS}: the build has not put the fonts there."
        )
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
