"""Documents of an office program, which are zips: the directory first, then every entry, counted while it is unpacked."""

from __future__ import annotations

import re
import stat
import struct
import zlib
from typing import BinaryIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ..kinds import DOCX, ODS, ODT, XLSX, ZIP_END, Kind
from .bounds import UNPACKED_MAX, ZIP_TAIL, Held, Reason, read

ENTRIES_MAX = 2_000
DIRECTORY_MAX = 2 * 1024 * 1024
RATIO_MAX = 100
XML_MAX = 1024 * 1024  # of a part that says how the others belong together
PART = 64 * 1024
ENCRYPTED = 0x1
MAIN = {
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
MACROS = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml|activex/|macrosheets/)|^(basic|scripts)/.", re.IGNORECASE
)
MACRO_CALL = b"vnd.sun.star.script:"
FILES = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"MZ",
    b"\x7fELF",
    b"%PDF-",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
)
# Where a link may point that is no link to click on: this computer's own folders, where a template often lies.
LOCAL = re.compile(r"^(file:///?[a-z]:|[a-z]:\\|[^:/\\]+$|\.\.?[/\\])", re.IGNORECASE)


def look(source: BinaryIO, kind: Kind) -> None:
    """Raises Held when it is not only the document that it says it is, or cannot be looked at."""
    directory_at = _directory(source)
    try:
        with ZipFile(source) as archive:
            entries = archive.infolist()
            _look_at_directory(entries, directory_at)
            for entry in entries:
                _look_at_entry(archive, entry)
            _look_at_kind(archive, kind)
            for entry in entries:
                if entry.filename.lower().endswith(".rels"):
                    _look_at_links(archive, entry)
    except (
        BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        ValueError,
        LookupError,
        NotImplementedError,
        RuntimeError,
    ):
        raise Held(Reason.DAMAGED)


def _directory(source: BinaryIO) -> int:
    """Where the directory begins. Looked at before it is read: it may say that it is huge."""
    size = source.seek(0, 2)
    source.seek(max(0, size - ZIP_TAIL))
    end = read(source, ZIP_TAIL)
    at = end.rfind(ZIP_END)
    if at < 0 or len(end) < at + 22:
        raise Held(Reason.DAMAGED)
    disks, entries, length, begin, remark = struct.unpack("<4x4s2xHIIH", end[at : at + 22])
    if entries > ENTRIES_MAX or length > DIRECTORY_MAX or begin == 0xFFFFFFFF:
        raise Held(Reason.TOO_MUCH)
    place = size - len(end) + at
    if disks != bytes(4) or begin + length != place or place + 22 + remark != size:
        raise Held(Reason.MIXED)
    return int(begin)


def _look_at_directory(entries: list[ZipInfo], directory_at: int) -> None:
    if len(entries) > ENTRIES_MAX:
        raise Held(Reason.TOO_MUCH)
    packed, unpacked = (
        sum(getattr(entry, size) for entry in entries) for size in ("compress_size", "file_size")
    )
    if unpacked > UNPACKED_MAX or unpacked > max(packed, PART) * RATIO_MAX:
        raise Held(Reason.TOO_MUCH)
    begins = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    free = 0
    for begin, length in [*begins, (directory_at, 0)]:
        if begin < free:
            raise Held(Reason.TOO_MUCH)  # one packed part for many entries
        free = begin + 30 + length
    if (
        not begins
        or begins[0][0] != 0
        or len({entry.filename.lower() for entry in entries}) != len(entries)
    ):
        raise Held(Reason.MIXED)
    for entry in entries:
        if entry.flag_bits & ENCRYPTED:
            raise Held(Reason.ENCRYPTED)
        if MACROS.search(entry.filename):
            raise Held(Reason.MACROS)
        if stat.S_ISLNK(entry.external_attr >> 16) or not _is_plain(entry.orig_filename):
            raise Held(Reason.MIXED)
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise Held(Reason.DAMAGED)


def _is_plain(name: str) -> bool:
    return not re.search(r"^/|\\|:|\0|(^|/)\.\.(/|$)", name)


def _look_at_entry(archive: ZipFile, entry: ZipInfo) -> None:
    """Unpacks it, a part at a time; zipfile ends at the size that the directory says, and finds it a fault when there is more."""
    with archive.open(entry) as content:
        end = content.read(PART)
        if end.startswith(FILES):
            raise Held(Reason.ENCLOSED)
        while part := content.read(PART):
            if MACRO_CALL in end + part:
                raise Held(Reason.MACROS)
            end = part
        if MACRO_CALL in end:
            raise Held(Reason.MACROS)


def _look_at_kind(archive: ZipFile, kind: Kind) -> None:
    names = set(archive.namelist())
    if kind in (ODT, ODS):
        if "[Content_Types].xml" in names:
            raise Held(Reason.MIXED)
        if (
            "mimetype" not in names
            or _xml(archive, "mimetype").strip() != kind.content_type.encode()
        ):
            raise Held(Reason.UNLIKE)
        if "META-INF/manifest.xml" not in names:
            raise Held(Reason.UNLIKE)
        manifest = _elements(_xml(archive, "META-INF/manifest.xml"))
        if any(name.endswith("encryption-data") for name, _attributes in manifest):
            raise Held(Reason.ENCRYPTED)
        return
    if "mimetype" in names:
        raise Held(Reason.MIXED)
    if "[Content_Types].xml" not in names:
        raise Held(Reason.UNLIKE)
    types = [
        attributes.get("ContentType", "")
        for _name, attributes in _elements(_xml(archive, "[Content_Types].xml"))
    ]
    if any("macroenabled" in each.lower() or "vbaproject" in each.lower() for each in types):
        raise Held(Reason.MACROS)
    if MAIN[kind] not in types:
        raise Held(Reason.UNLIKE)


def _look_at_links(archive: ZipFile, entry: ZipInfo) -> None:
    """Holds what is fetched when the document is opened: a template, a picture, an object. A link to click on is not."""
    for _name, attributes in _elements(_xml(archive, entry.filename)):
        is_fetched = attributes.get("TargetMode") == "External" and not attributes.get(
            "Type", ""
        ).endswith("/hyperlink")
        if is_fetched and not LOCAL.search(attributes.get("Target", "").strip()):
            raise Held(Reason.OUTSIDE)


def _xml(archive: ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > XML_MAX:
        raise Held(Reason.TOO_MUCH)
    return archive.read(name)


def _elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """The elements with their attributes. One that declares entities is held: no office program writes those."""
    found: list[tuple[str, dict[str, str]]] = []

    def refuse(*_args: object) -> None:
        raise Held(Reason.DAMAGED)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise Held(Reason.DAMAGED)
    return found
