"""Inspection of office documents (OOXML and OpenDocument), which are zips.

The central directory is checked before it is read, then every entry is unpacked within a bound.
"""

from __future__ import annotations

import re
import stat
import struct
import zlib
from typing import BinaryIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ..kinds import DOCX, ODS, ODT, XLSX, ZIP_END, Kind
from .bounds import (
    END_RECORD_BYTES,
    UNPACKED_MAX,
    ZIP_TAIL_BYTES,
    Quarantined,
    Reason,
    read,
)

ENTRIES_MAX = 2_000
DIRECTORY_MAX = 2 * 1024 * 1024
RATIO_MAX = 100
XML_MAX = 1024 * 1024  # bytes of an entry that describes the others
CHUNK_BYTES = 64 * 1024
LOCAL_HEADER_BYTES = 30  # before each entry, without its name
ENCRYPTED_FLAG = 0x1
MAIN = {
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
MACROS = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml|activex/|macrosheets/)|^(basic|scripts)/.", re.IGNORECASE
)
MACRO_CALL = b"vnd.sun.star.script:"
# The first bytes of enclosed files.
FILE_MAGIC = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"MZ",
    b"\x7fELF",
    b"%PDF-",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
)
# Allowed targets of links that load by themselves: local folders, where templates often are.
LOCAL = re.compile(r"^(file:///?[a-z]:|[a-z]:\\|[^:/\\]+$|\.\.?[/\\])", re.IGNORECASE)


def inspect(source: BinaryIO, kind: Kind) -> None:
    """Raise Quarantined if the file is not just a document of this kind, or is unreadable."""
    directory_at = _directory_offset(source)
    try:
        with ZipFile(source) as archive:
            entries = archive.infolist()
            _check_directory(entries, directory_at)
            for entry in entries:
                _check_entry(archive, entry)
            _check_kind(archive, kind)
            for entry in entries:
                if entry.filename.lower().endswith(".rels"):
                    _check_links(archive, entry)
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
        raise Quarantined(Reason.DAMAGED)


def _directory_offset(source: BinaryIO) -> int:
    """Return the offset of the central directory.

    Its size is checked before ZipFile reads it, because the end record may announce a huge one.
    """
    size = source.seek(0, 2)
    source.seek(max(0, size - ZIP_TAIL_BYTES))
    tail = read(source, ZIP_TAIL_BYTES)
    at = tail.rfind(ZIP_END)
    if at < 0 or len(tail) < at + END_RECORD_BYTES:
        raise Quarantined(Reason.DAMAGED)
    disks, entries, length, offset, comment = struct.unpack(
        "<4x4s2xHIIH", tail[at : at + END_RECORD_BYTES]
    )
    if entries > ENTRIES_MAX or length > DIRECTORY_MAX or offset == 0xFFFFFFFF:
        raise Quarantined(Reason.TOO_MUCH)
    end_record_at = size - len(tail) + at
    has_more_after = end_record_at + END_RECORD_BYTES + comment != size
    if disks != bytes(4) or offset + length != end_record_at or has_more_after:
        raise Quarantined(Reason.MIXED)
    return int(offset)


def _check_directory(entries: list[ZipInfo], directory_at: int) -> None:
    if len(entries) > ENTRIES_MAX:
        raise Quarantined(Reason.TOO_MUCH)
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_MAX or unpacked > max(packed, CHUNK_BYTES) * RATIO_MAX:
        raise Quarantined(Reason.TOO_MUCH)
    _check_overlap(entries, directory_at)
    names = {entry.filename.lower() for entry in entries}
    if min((entry.header_offset for entry in entries), default=1) != 0:
        raise Quarantined(Reason.MIXED)
    if len(names) != len(entries):
        raise Quarantined(Reason.MIXED)
    for entry in entries:
        _check_metadata(entry)


def _check_overlap(entries: list[ZipInfo], directory_at: int) -> None:
    """Raise Quarantined if several entries share the same packed bytes."""
    spans = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    free = 0
    for start, length in [*spans, (directory_at, 0)]:
        if start < free:
            raise Quarantined(Reason.TOO_MUCH)
        free = start + LOCAL_HEADER_BYTES + length


def _check_metadata(entry: ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED_FLAG:
        raise Quarantined(Reason.ENCRYPTED)
    if MACROS.search(entry.filename):
        raise Quarantined(Reason.MACROS)
    if stat.S_ISLNK(entry.external_attr >> 16) or not _is_plain(entry.orig_filename):
        raise Quarantined(Reason.MIXED)
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Quarantined(Reason.DAMAGED)


def _is_plain(path: str) -> bool:
    return not re.search(r"^/|\\|:|\0|(^|/)\.\.(/|$)", path)


def _check_entry(archive: ZipFile, entry: ZipInfo) -> None:
    """Unpack an entry in chunks; ZipFile raises BadZipFile if it is not of the announced size."""
    with archive.open(entry) as content:
        previous = content.read(CHUNK_BYTES)
        if previous.startswith(FILE_MAGIC):
            raise Quarantined(Reason.ENCLOSED)
        while chunk := content.read(CHUNK_BYTES):
            if MACRO_CALL in previous + chunk:
                raise Quarantined(Reason.MACROS)
            previous = chunk
        if MACRO_CALL in previous:
            raise Quarantined(Reason.MACROS)


def _check_kind(archive: ZipFile, kind: Kind) -> None:
    names = set(archive.namelist())
    if kind in (ODT, ODS):
        _check_opendocument(archive, kind, names)
        return
    if "mimetype" in names:
        raise Quarantined(Reason.MIXED)
    if "[Content_Types].xml" not in names:
        raise Quarantined(Reason.UNLIKE)
    elements = _elements(_xml(archive, "[Content_Types].xml"))
    types = [attributes.get("ContentType", "") for _tag, attributes in elements]
    if any("macroenabled" in each.lower() or "vbaproject" in each.lower() for each in types):
        raise Quarantined(Reason.MACROS)
    if MAIN[kind] not in types:
        raise Quarantined(Reason.UNLIKE)


def _check_opendocument(archive: ZipFile, kind: Kind, names: set[str]) -> None:
    if "[Content_Types].xml" in names:
        raise Quarantined(Reason.MIXED)
    if "mimetype" not in names:
        raise Quarantined(Reason.UNLIKE)
    if _xml(archive, "mimetype").strip() != kind.content_type.encode():
        raise Quarantined(Reason.UNLIKE)
    if "META-INF/manifest.xml" not in names:
        raise Quarantined(Reason.UNLIKE)
    manifest = _elements(_xml(archive, "META-INF/manifest.xml"))
    if any(tag.endswith("encryption-data") for tag, _attributes in manifest):
        raise Quarantined(Reason.ENCRYPTED)


def _check_links(archive: ZipFile, entry: ZipInfo) -> None:
    """Raise Quarantined for a remote target that loads when the document opens.

    Such targets are templates, pictures and objects. A hyperlink is allowed.
    """
    for _tag, attributes in _elements(_xml(archive, entry.filename)):
        is_hyperlink = attributes.get("Type", "").endswith("/hyperlink")
        is_loaded = attributes.get("TargetMode") == "External" and not is_hyperlink
        if is_loaded and not LOCAL.search(attributes.get("Target", "").strip()):
            raise Quarantined(Reason.OUTSIDE)


def _xml(archive: ZipFile, path: str) -> bytes:
    if archive.getinfo(path).file_size > XML_MAX:
        raise Quarantined(Reason.TOO_MUCH)
    return archive.read(path)


def _elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """Return the tags with their attributes.

    Raises Quarantined for XML with a doctype, which could define entities: no office program
    writes one.
    """
    elements: list[tuple[str, dict[str, str]]] = []

    def refuse(*_args: object) -> None:
        raise Quarantined(Reason.DAMAGED)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attributes: elements.append((tag, attributes))
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise Quarantined(Reason.DAMAGED)
    return elements
