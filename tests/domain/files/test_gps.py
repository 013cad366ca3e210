"""Photos with a GPS position: it is detected, and the photo is not changed."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.people import make_cast

from portaal.domain.files.gps import ExifReader
from portaal.domain.files.kinds import ALL
from portaal.domain.files.sealing import IncomingFile
from portaal.domain.files.verbs import store_file

from .corpus import chunk, jpeg, png, segment

CAMERA = {0x010F: "Camera"}
LOCATION = {1: "N", 2: (52.0, 5.0, 27.0), 3: "E", 4: (5.0, 7.0, 17.0)}


def exif(*, position: dict[int, Any] | None = None) -> bytes:
    facts = Image.Exif()
    facts.update(CAMERA)
    if position is not None:
        facts.get_ifd(0x8825).update(position)
    return facts.tobytes()


def photo(format: str, facts: bytes) -> bytes:
    pillow_heif.register_heif_opener()
    out = BytesIO()
    Image.new("RGB", (64, 48)).save(out, format, exif=facts)
    return out.getvalue()


def has_gps(content: bytes, *, chunk_bytes: int = 64 * 1024) -> bool:
    reader = ExifReader()
    for at in range(0, len(content), chunk_bytes):
        reader.feed(content[at : at + chunk_bytes])
    return reader.has_gps


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize(
    ("position", "expected"), [(LOCATION, True), ({0: b"\x02\x03\x00\x00"}, False), (None, False)]
)
def test_photo_with_a_latitude_has_gps(
    format: str, position: dict[int, Any] | None, expected: bool
):
    assert has_gps(photo(format, exif(position=position))) is expected


@pytest.mark.parametrize("chunk_bytes", [1, 7, 1000])
def test_gps_is_found_in_chunks_of_any_size(chunk_bytes: int):
    assert has_gps(photo("JPEG", exif(position=LOCATION)), chunk_bytes=chunk_bytes)


@pytest.mark.parametrize(("position", "expected"), [(LOCATION, True), (None, False)])
def test_photo_of_an_iphone_with_a_latitude_has_gps(
    position: dict[int, Any] | None, expected: bool
):
    assert has_gps(photo("HEIF", exif(position=position))) is expected


def test_gps_is_found_after_a_long_maker_note():
    note = b"\0" * 30_000
    gps = struct.pack(">HHHII", 1, 2, 5, 3, 0)
    facts = b"MM\0*" + struct.pack(">IHHHIII", 8, 1, 0x8825, 4, 1, 26 + len(note), 0) + note + gps
    assert has_gps(jpeg(64, 48, segment(0xE1, b"Exif\0\0" + facts)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Exif\0\0II*\0",
        b"Exif\0\0MM\0*\xff\xff\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff"
        + struct.pack("<HHII", 0x8825, 4, 1, 8) * 3,  # a directory that names itself
        b"Exif\0\0Exif\0\0",
        png(4, 4, chunk(b"eXIf", b"")),
    ],
)
def test_broken_exif_has_no_gps(content: bytes):
    assert not has_gps(content)


@given(st.binary(max_size=300))
def test_random_bytes_do_not_break_the_reader(rest: bytes):
    assert has_gps(b"Exif\0\0II*\0" + rest) in (True, False)


PHOTO = photo("JPEG", exif(position=LOCATION))


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("foto.jpg", PHOTO, True),
        ("brief.pdf", b"%PDF-1.7\n" + PHOTO + b"startxref\n0\n%%EOF", False),
    ],
)
def test_stored_photo_has_gps_and_its_own_bytes(
    db: None, name: str, content: bytes, expected: bool
):
    cast = make_cast()
    incoming = IncomingFile(name, 10_000_000)
    incoming.write(content)
    dossier = cast.dossiers["purchase"]
    file = store_file(
        incoming.finish(),
        by=cast.users["sanne"],
        vault=dossier.vault,
        dossier=dossier.pk,
        kinds=ALL,
    )
    file.refresh_from_db()
    assert file.has_gps is expected
    assert b"".join(file.chunks()) == content
