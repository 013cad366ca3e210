"""Who may set up the office, and what a logo may be."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portaal.domain.journal.actors import Actor
from portaal.domain.journal.recording import By

LOGO_MAX_BYTES = 200_000
LOGO_MIN_HEIGHT = 80  # points of a PNG
LOGO_MAX_SIDE = 4_000
PNG = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"
# A logo is drawn as an image, in which a browser runs nothing; these keep out what would matter where it is opened by itself.
ALIVE = {
    "script",
    "foreignObject",
    "iframe",
    "audio",
    "video",
    "embed",
    "object",
    "handler",
    "listener",
}
OUTSIDE = re.compile(r"@import|url\(\s*['\"]?(?![\s'\"#])", re.IGNORECASE)


def may_set_up(by: By) -> bool:
    """The office's manager, and the portal itself from the command line."""
    return isinstance(by, Actor) or (by.is_active and getattr(by, "role", "") == "manager")


def media_type_of_logo(content: bytes) -> str:
    """'image/png' or 'image/svg+xml'; raises ValidationError with words at `logo` for anything else."""
    if len(content) > LOGO_MAX_BYTES:
        raise _fault(_("This logo is larger than 200 kB. Save it smaller, or as an SVG."))
    if content.startswith(PNG):
        width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
        if (
            content[12:16] != b"IHDR"
            or content[-8:-4] != b"IEND"
            or not 0 < width <= LOGO_MAX_SIDE >= height
        ):
            raise _fault(_("This PNG is not whole. Save it again, or choose another one."))
        if height < LOGO_MIN_HEIGHT:
            raise _fault(
                _("This PNG is %(height)s points high; at least 80 are needed.")
                % {"height": height}
            )
        return "image/png"
    if _is_inert_svg(content):
        return "image/svg+xml"
    raise _fault(_("Choose a logo that is an SVG or a PNG."))


def _is_inert_svg(content: bytes) -> bool:
    """Whether this is an SVG; raises ValidationError when it is one that does or fetches something."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    alive = _fault(
        _(
            "This SVG holds a program or asks for something from elsewhere. Save it as a plain SVG, or as a PNG."
        )
    )
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        if "<svg" in text:
            raise alive
        return False
    try:
        drawing = ElementTree.fromstring(text)  # noqa: S314 - without a doctype there are no entities to blow up
    except ElementTree.ParseError:
        return False
    if drawing.tag != f"{SVG}svg":
        return False
    for element in drawing.iter():
        name = str(element.tag).rpartition("}")[2]
        words = (
            [element.text or "", *element.attrib.values()]
            if name == "style"
            else list(element.attrib.values())
        )
        if name in ALIVE or any(OUTSIDE.search(word) for word in words):
            raise alive
        for key, value in element.attrib.items():
            is_link = key.rpartition("}")[2] in ("href", "src")
            if key.lower().startswith("on") or (
                is_link and not value.startswith(("#", "data:image/png", "data:image/jpeg"))
            ):
                raise alive
    return True


def _fault(words: str) -> ValidationError:
    return ValidationError({"logo": words})
