"""A photo that says where it was taken is known by it; nothing of the photo is changed."""

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
from portaal.domain.files.intake import IncomingFile
from portaal.domain.files.kinds import ALL
from portaal.domain.files.verbs import store_file

from .corpus import chunk, jpeg, png, segment

CAMERA = {0x010F: "Camera"}
LATITUDE = {1: "N", 2: (52.0, 5.0, 27.0), 3: "E", 4: (5.0, 7.0, 17.0)}


def exif(*, place: dict[int, Any] | None = None) -> bytes:
    facts = Image.Exif()
    facts.update(CAMERA)
    if place is not None:
        facts.get_ifd(0x8825).update(place)
    return facts.tobytes()


def photo(format: str, facts: bytes) -> bytes:
    pillow_heif.register_heif_opener()
    out = BytesIO()
    Image.new("RGB", (64, 48)).save(out, format, exif=facts)
    return out.getvalue()


def says_place(content: bytes, *, pieces_of: int = 64 * 1024) -> bool:
    found = ExifReader()
    for at in range(0, len(content), pieces_of):
        found.feed(content[at : at + pieces_of])
    return found.has_gps


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize(
    ("place", "says"), [(LATITUDE, True), ({0: b"\x02\x03\x00\x00"}, False), (None, False)]
)
def test_a_photo_says_where_it_was_taken(format: str, place: dict[int, Any] | None, says: bool):
    assert says_place(photo(format, exif(place=place))) is says


@pytest.mark.parametrize("pieces_of", [1, 7, 1000])
def test_it_is_found_however_the_bytes_come_in(pieces_of: int):
    assert says_place(photo("JPEG", exif(place=LATITUDE)), pieces_of=pieces_of)


def test_an_iphones_photo_says_it_too():
    assert [says_place(photo("HEIF", facts)) for facts in (exif(place=LATITUDE), exif())] == [
        True,
        False,
    ]


def test_a_photo_of_a_large_sensor_says_it_behind_what_its_maker_noted():
    note = b"\0" * 30_000
    gps = struct.pack(">HHHII", 1, 2, 5, 3, 0)
    facts = b"MM\0*" + struct.pack(">IHHHIII", 8, 1, 0x8825, 4, 1, 26 + len(note), 0) + note + gps
    assert says_place(jpeg(64, 48, segment(0xE1, b"Exif\0\0" + facts))) is True


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
def test_what_is_broken_says_nothing(content: bytes):
    assert says_place(content) is False


@given(st.binary(max_size=300))
def test_no_bytes_are_too_strange(rest: bytes):
    assert says_place(b"Exif\0\0II*\0" + rest) in (True, False)


PHOTO = photo("JPEG", exif(place=LATITUDE))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("foto.jpg", PHOTO, True),
        ("brief.pdf", b"%PDF-1.7\n" + PHOTO + b"startxref\n0\n%%EOF", False),
    ],
)
def test_it_is_written_down_of_a_photo_and_no_byte_is_changed(
    db: None, name: str, content: bytes, says: bool
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
    assert (file.has_gps, b"".join(file.chunks())) == (says, content)
