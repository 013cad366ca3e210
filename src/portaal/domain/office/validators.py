"""Validation of an uploaded logo."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LOGO_MAX_BYTES = 200_000
LOGO_MIN_HEIGHT = 80  # pixels of a PNG
LOGO_MAX_SIDE = 4_000
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"
# A browser runs nothing in an SVG that is shown as an image. These elements would matter if
# the logo were opened by its own address.
ACTIVE_ELEMENTS = {
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
EXTERNAL_REFERENCE = re.compile(r"@import|url\(\s*['\"]?(?![\s'\"#])", re.IGNORECASE)


def media_type_of_logo(content: bytes) -> str:
    """Return 'image/png' or 'image/svg+xml'. Raises ValidationError for the field `logo`."""
    if len(content) > LOGO_MAX_BYTES:
        raise _error(_("This logo is larger than 200 kB. Save it smaller, or as an SVG."))
    if content.startswith(PNG_SIGNATURE):
        width, height = (int.from_bytes(content[start : start + 4], "big") for start in (16, 20))
        if (
            content[12:16] != b"IHDR"
            or content[-8:-4] != b"IEND"
            or not 0 < width <= LOGO_MAX_SIDE >= height
        ):
            raise _error(_("This PNG is not whole. Save it again, or choose another one."))
        if height < LOGO_MIN_HEIGHT:
            raise _error(
                _("This PNG is %(height)s points high; at least 80 are needed.")
                % {"height": height}
            )
        return "image/png"
    if _is_inert_svg(content):
        return "image/svg+xml"
    raise _error(_("Choose a logo that is an SVG or a PNG."))


def _is_inert_svg(content: bytes) -> bool:
    """Return True for an SVG. Raises ValidationError if it has scripts or external references."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    active_error = _error(
        _(
            "This SVG holds a program or asks for something from elsewhere. "
            "Save it as a plain SVG, or as a PNG."
        )
    )
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        if "<svg" in text:
            raise active_error
        return False
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - no doctype, so no entities to expand
    except ElementTree.ParseError:
        return False
    if root.tag != f"{SVG}svg":
        return False
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        values = list(element.attrib.values())
        if tag == "style":
            values.append(element.text or "")
        if tag in ACTIVE_ELEMENTS or any(EXTERNAL_REFERENCE.search(value) for value in values):
            raise active_error
        for key, value in element.attrib.items():
            is_link = key.rpartition("}")[2] in ("href", "src")
            if key.lower().startswith("on") or (
                is_link and not value.startswith(("#", "data:image/png", "data:image/jpeg"))
            ):
                raise active_error
    return True


def _error(message: str) -> ValidationError:
    return ValidationError({"logo": message})
