"""File names that are safe to show and to save."""

from __future__ import annotations

import re
import unicodedata

NAME_MAX = 150


def clean_name(name: str) -> str:
    """Return a file name that is safe to show and to save. It is never used as a path (R56).

    Removes folders, control, format and bidirectional characters, and characters that file
    systems refuse.
    """
    base = re.split(r"[/\\]", name)[-1]
    base = "".join(" " if unicodedata.category(c) in ("Zl", "Zp", "Zs") else c for c in base)
    base = "".join(c for c in base if unicodedata.category(c)[0] != "C")
    base = re.sub(r'[<>:"|?*]', "", base)
    base = re.sub(r"\s+", " ", unicodedata.normalize("NFC", base)).strip(" .")
    # Windows reserves these names, with any extension.
    if re.match(r"(?i)(con|prn|aux|nul|(com|lpt)[0-9])\s*(\.|$)", base):
        base = f"_{base}"
    stem, dot, extension = base.rpartition(".")
    if not dot:
        stem, extension = base, ""
    extension = extension[:10].rstrip()
    room = NAME_MAX - len(extension) - 1
    return (
        f"{stem[:room].strip() or 'document'}.{extension}"
        if extension
        else (stem[:NAME_MAX].strip() or "document")
    )
