"""Pictures: how many points they have, from their headers alone. Nothing is decoded (security.md B5 55)."""

from __future__ import annotations

import re
from typing import BinaryIO

from ..kinds import HEIC, JPEG, PNG, TIFF, Kind
from .bounds import Held, Reason, read

POINTS_MAX = 50_000_000
SEGMENTS_MAX = 2_000  # of a JPEG, before its size; real ones have ten
PAGES_MAX = 2_000  # of a TIFF
TAGS_MAX = 1_000  # of a page of a TIFF
META_MAX = 1024 * 1024  # bytes of a HEIC in which its sizes stand


def look(source: BinaryIO, kind: Kind, size: int) -> None:
    """Raises Held when a picture has too many points, or does not say how many."""
    source.seek(0)
    look_at = {PNG: _png, JPEG: _jpeg, HEIC: _heic, TIFF: _tiff}[kind]
    look_at(source, size)


def _weigh(width: int, height: int) -> None:
    if not width or not height:
        raise Held(Reason.DAMAGED)
    if width * height > POINTS_MAX:
        raise Held(Reason.TOO_MUCH)


def _number(source: BinaryIO, length: int, order: str = "big") -> int:
    data = read(source, length)
    if len(data) < length:
        raise Held(Reason.DAMAGED)
    return int.from_bytes(data, "little" if order == "little" else "big")


def _png(source: BinaryIO, size: int) -> None:
    source.seek(16)
    _weigh(_number(source, 4), _number(source, 4))


def _jpeg(source: BinaryIO, size: int) -> None:
    source.seek(2)
    for _ in range(SEGMENTS_MAX):
        if _number(source, 1) != 0xFF:
            break
        while (marker := _number(source, 1)) == 0xFF:
            pass
        length = _number(source, 2)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # the header of a picture
            source.seek(1, 1)
            height = _number(source, 2)
            _weigh(_number(source, 2), height)
            return
        if marker in (0xD9, 0xDA) or length < 2:  # its points, without a header
            break
        source.seek(length - 2, 1)
    raise Held(Reason.DAMAGED)


def _heic(source: BinaryIO, size: int) -> None:
    """Walks the boxes of the file: together they are all of it, and one of them holds the sizes of its pictures."""
    at, sizes = 0, []
    while at < size:
        source.seek(at)
        length, name = _number(source, 4), read(source, 4)
        header = 8
        if length == 1:
            length, header = _number(source, 8), 16
        elif length == 0:
            length = size - at
        if length < header or at + length > size:
            raise Held(Reason.DAMAGED)
        if name == b"meta":
            if length > META_MAX:
                raise Held(Reason.TOO_MUCH)
            sizes += re.findall(rb"ispe.{4}(.{4})(.{4})", read(source, length - header), re.DOTALL)
        at += length
    if not sizes:
        raise Held(Reason.DAMAGED)
    for width, height in sizes:
        _weigh(int.from_bytes(width, "big"), int.from_bytes(height, "big"))


def _tiff(source: BinaryIO, size: int) -> None:
    """Every page in turn, by the address that the one before gives."""
    order = "little" if read(source, 4).startswith(b"II") else "big"
    at, seen = _number(source, 4, order), set[int]()
    while at:
        if at in seen or at >= size:
            raise Held(Reason.DAMAGED)
        if len(seen) >= PAGES_MAX:
            raise Held(Reason.TOO_MUCH)
        seen.add(at)
        source.seek(at)
        tags = _number(source, 2, order)
        if tags > TAGS_MAX:
            raise Held(Reason.DAMAGED)
        sides = {256: 0, 257: 0}
        for _ in range(tags):
            tag, sort = _number(source, 2, order), _number(source, 2, order)
            source.seek(4, 1)
            value = read(source, 4)
            if tag in sides:
                sides[tag] = int.from_bytes(
                    value[:2] if sort == 3 else value, "little" if order == "little" else "big"
                )
        _weigh(sides[256], sides[257])
        at = _number(source, 4, order)
    if not seen:
        raise Held(Reason.DAMAGED)
