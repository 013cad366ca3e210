"""What the portal takes in: for each kind its endings, how its first and last bytes look, and the type it is given out as.

Extension and content must agree (security.md B5 52). Only bytes that the receipt kept are looked at here; the worker looks
further (`inside`). The table is our own: programs that guess a type always find one, and are fooled by what is two at once.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def _anything(edge: bytes) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """`begins` and `ends` are asked about the first and the last bytes; `ends` tells a whole file from one that was cut off."""

    name: str
    endings: tuple[str, ...]
    content_type: str
    label: Promise
    begins: Callable[[bytes], bool]
    ends: Callable[[bytes], bool] = _anything

    def agrees(self, head: bytes, tail: bytes) -> bool:
        """Whether the content is what the name says, and not a second thing as well: a page, a program or an archive."""
        edges = head + tail.replace(b"\0", b"") if self.begins is is_text else head
        return (
            self.begins(head) and not MARKUP.search(edges) and (self.is_zip or ZIP_END not in tail)
        )

    @property
    def is_photo(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_zip(self) -> bool:
        return self.begins is _is_zip


ZIP_END = b"PK\x05\x06"
# In text also where a byte order mark, UTF-16 or UTF-7 hides it: without NULs, `<` also as `+ADw-`.
MARKUP = re.compile(
    rb"(?:<|\+ADw-)\s*(?:!doctype\s+html|html|head|body|script|svg|iframe|meta|\?php|\?xml-stylesheet)\b",
    re.IGNORECASE,
)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
# A photo that moves has its film behind it: these stand near the end of such a film.
FILM = (b"SEFT", b"stco", b"co64")


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(marks)


def _is_zip(head: bytes) -> bool:
    return head.startswith(b"PK\x03\x04")


def _is_heic(head: bytes) -> bool:
    size = int.from_bytes(head[:4], "big")
    brands = {head[at : at + 4] for at in range(8, min(size, len(head)), 4)}
    return (
        head[4:8] == b"ftyp"
        and bool(brands & HEIC_BRANDS)
        and (head[8:12] in HEIC_BRANDS | {b"mif1", b"msf1"})
    )


def is_text(data: bytes) -> bool:
    """Whether this reads as text: UTF-8, UTF-16 with its mark, or Windows' Western European; without control characters.

    `data` may be cut off within a character.
    """
    encoding = (
        "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    )
    for each in (encoding, "cp1252"):
        with suppress(UnicodeDecodeError):
            text = codecs.getincrementaldecoder(each)().decode(data)
            return not CONTROL.search(text) and not MARKUP.search(text.encode())
    return False


CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")


def _pdf_ends(tail: bytes) -> bool:
    return b"%%EOF" in tail and b"startxref" in tail


def _jpeg_ends(tail: bytes) -> bool:
    return b"\xff\xd9" in tail or any(mark in tail for mark in FILM)


OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"

PDF = Kind("pdf", (".pdf",), "application/pdf", _("pdf"), _begins(b"%PDF-"), _pdf_ends)
JPEG = Kind(
    "jpeg", (".jpg", ".jpeg"), "image/jpeg", _("photo"), _begins(b"\xff\xd8\xff"), _jpeg_ends
)
PNG = Kind(
    "png",
    (".png",),
    "image/png",
    _("photo"),
    _begins(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"),
    lambda tail: b"IEND\xae\x42\x60\x82" in tail,
)
HEIC = Kind("heic", (".heic", ".heif"), "image/heic", _("photo"), _is_heic)
TIFF = Kind("tiff", (".tif", ".tiff"), "image/tiff", _("photo"), _begins(b"II*\x00", b"MM\x00*"))
DOCX = Kind(
    "docx",
    (".docx",),
    f"{OFFICE}.wordprocessingml.document",
    _("document"),
    _is_zip,
    lambda tail: ZIP_END in tail,
)
XLSX = Kind(
    "xlsx",
    (".xlsx",),
    f"{OFFICE}.spreadsheetml.sheet",
    _("spreadsheet"),
    _is_zip,
    lambda tail: ZIP_END in tail,
)
ODT = Kind("odt", (".odt",), f"{OPEN}.text", _("document"), _is_zip, lambda tail: ZIP_END in tail)
ODS = Kind(
    "ods", (".ods",), f"{OPEN}.spreadsheet", _("spreadsheet"), _is_zip, lambda tail: ZIP_END in tail
)
TEXT = Kind("txt", (".txt",), "text/plain", _("text"), is_text)

ALL = (PDF, JPEG, PNG, HEIC, TIFF, DOCX, XLSX, ODT, ODS, TEXT)
PUBLISHED = (PDF,)  # what the office shows to a client is final
BY_TYPE = {kind.content_type: kind for kind in ALL}


def accept(kinds: Collection[Kind] = ALL) -> str:
    """For the `accept` of a file input: what the browser offers to choose."""
    return ",".join(word for kind in kinds for word in (*kind.endings, kind.content_type))


ACCEPT = accept()


def named(name: str, kinds: Collection[Kind]) -> Kind | None:
    """The kind that a file's name says it is, among these."""
    lower = name.lower()
    return next((kind for kind in kinds if lower.endswith(kind.endings)), None)


def endings(kinds: Collection[Kind]) -> str:
    """These kinds as people know them: 'pdf, jpg, png'."""
    return ", ".join(kind.endings[0].removeprefix(".") for kind in kinds)
