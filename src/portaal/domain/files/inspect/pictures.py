"""Inspection of pictures: their number of pixels, from the header (R55).

Nothing is decoded.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from ..kinds import HEIC, JPEG, PNG, TIFF, Kind
from .bounds import Quarantined, Reason, read

PIXELS_MAX = 50_000_000
WIDTH_TAG, HEIGHT_TAG = 256, 257  # of a TIFF
SHORT = 3  # the type of a TIFF field with two bytes
JPEG_SEGMENTS_MAX = 2_000  # before the frame header; real pictures have about ten
PAGES_MAX = 2_000  # of a TIFF
TAGS_MAX = 1_000  # of a page of a TIFF
META_MAX = 1024 * 1024  # bytes of the box of a HEIC that holds its sizes


def inspect(source: BinaryIO, kind: Kind, size: int) -> None:
    """Raise Quarantined if a picture has too many pixels, or no readable size."""
    source.seek(0)
    check = {PNG: _check_png, JPEG: _check_jpeg, HEIC: _check_heic, TIFF: _check_tiff}[kind]
    check(source, size)


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise Quarantined(Reason.DAMAGED)
    if width * height > PIXELS_MAX:
        raise Quarantined(Reason.TOO_MUCH)


def _number(source: BinaryIO, length: int, order: str = "big") -> int:
    data = read(source, length)
    if len(data) < length:
        raise Quarantined(Reason.DAMAGED)
    return int.from_bytes(data, "little" if order == "little" else "big")


def _check_png(source: BinaryIO, size: int) -> None:
    source.seek(16)
    _check_pixels(_number(source, 4), _number(source, 4))


def _check_jpeg(source: BinaryIO, size: int) -> None:
    source.seek(2)
    for _ in range(JPEG_SEGMENTS_MAX):
        if _number(source, 1) != 0xFF:
            break
        while (marker := _number(source, 1)) == 0xFF:
            pass
        length = _number(source, 2)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a frame header
            source.seek(1, 1)
            height = _number(source, 2)
            _check_pixels(_number(source, 2), height)
            return
        if marker in (0xD9, 0xDA) or length < 2:  # pixel data without a frame header
            break
        source.seek(length - 2, 1)
    raise Quarantined(Reason.DAMAGED)


def _check_heic(source: BinaryIO, size: int) -> None:
    """Walk the boxes, which together fill the file; the `meta` box holds the sizes."""
    at, sizes = 0, []
    while at < size:
        source.seek(at)
        length, box = _number(source, 4), read(source, 4)
        header = 8
        if length == 1:
            length, header = _number(source, 8), 16
        elif length == 0:
            length = size - at
        if length < header or at + length > size:
            raise Quarantined(Reason.DAMAGED)
        if box == b"meta":
            if length > META_MAX:
                raise Quarantined(Reason.TOO_MUCH)
            sizes += re.findall(rb"ispe.{4}(.{4})(.{4})", read(source, length - header), re.DOTALL)
        at += length
    if not sizes:
        raise Quarantined(Reason.DAMAGED)
    for width, height in sizes:
        _check_pixels(int.from_bytes(width, "big"), int.from_bytes(height, "big"))


def _check_tiff(source: BinaryIO, size: int) -> None:
    """Walk the pages; each one holds the address of the next."""
    order = "little" if read(source, 4).startswith(b"II") else "big"
    at, seen = _number(source, 4, order), set[int]()
    while at:
        if at in seen or at >= size:
            raise Quarantined(Reason.DAMAGED)
        if len(seen) >= PAGES_MAX:
            raise Quarantined(Reason.TOO_MUCH)
        seen.add(at)
        source.seek(at)
        _check_pixels(*_page_size(source, order))
        at = _number(source, 4, order)
    if not seen:
        raise Quarantined(Reason.DAMAGED)


def _page_size(source: BinaryIO, order: str) -> tuple[int, int]:
    """Read the tags of one TIFF page. Return its width and height in pixels, 0 if missing."""
    tags = _number(source, 2, order)
    if tags > TAGS_MAX:
        raise Quarantined(Reason.DAMAGED)
    sides = {WIDTH_TAG: 0, HEIGHT_TAG: 0}
    for _ in range(tags):
        tag, field_type = _number(source, 2, order), _number(source, 2, order)
        source.seek(4, 1)
        value = read(source, 4)
        if tag in sides:
            number = value[:2] if field_type == SHORT else value
            sides[tag] = int.from_bytes(number, "little" if order == "little" else "big")
    return sides[WIDTH_TAG], sides[HEIGHT_TAG]
