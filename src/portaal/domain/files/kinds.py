"""The kinds of files that the portal accepts.

Each kind has its extensions, the patterns of its first and last bytes, and the content type
that downloads are sent with. Extension and content must agree (R51, R52). Only the first and
last bytes are compared here; the worker reads the whole file (`inspect`). The table is our own:
type sniffers always return something, and polyglots fool them.
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
    """A kind of file.

    `begins` tests the first bytes of a file and `ends` the last ones. `ends` is false for a file
    that was cut off.
    """

    name: str
    extensions: tuple[str, ...]
    content_type: str
    label: Promise
    begins: Callable[[bytes], bool]
    ends: Callable[[bytes], bool] = _anything

    def matches(self, head: bytes, tail: bytes) -> bool:
        """Return True if the content is of this kind and of no second kind.

        A second kind is a web page, a program or an archive inside the file.
        """
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
# NULs are removed first, so UTF-16 is covered too; `+ADw-` is `<` in UTF-7.
MARKUP = re.compile(
    rb"(?:<|\+ADw-)\s*"
    rb"(?:!doctype\s+html|html|head|body|script|svg|iframe|meta|\?php|\?xml-stylesheet)\b",
    re.IGNORECASE,
)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
# A motion photo has its video after the picture; these marks are near the end of such a video.
VIDEO_MARKS = (b"SEFT", b"stco", b"co64")


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
    """Return True for text without control characters and without markup.

    The encoding is UTF-8, UTF-16 with a byte order mark, or Windows-1252. `data` may end in the
    middle of a character.
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
    return b"\xff\xd9" in tail or any(mark in tail for mark in VIDEO_MARKS)


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
PUBLISHED = (PDF,)  # publications are final documents
# Types that every browser can show itself ("Bekijken").
SHOWN = ("application/pdf", "image/jpeg", "image/png")
BY_TYPE = {kind.content_type: kind for kind in ALL}


def accept(kinds: Collection[Kind] = ALL) -> str:
    """Return the value of the `accept` attribute of a file input."""
    return ",".join(word for kind in kinds for word in (*kind.extensions, kind.content_type))


ACCEPT = accept()


def kind_by_name(file_name: str, kinds: Collection[Kind]) -> Kind | None:
    """Return the kind in `kinds` that has the extension of this file name."""
    lower = file_name.lower()
    return next((kind for kind in kinds if lower.endswith(kind.extensions)), None)


def extensions(kinds: Collection[Kind]) -> str:
    """Return the first extension of each kind, to show: 'pdf, jpg, png'."""
    return ", ".join(kind.extensions[0].removeprefix(".") for kind in kinds)
