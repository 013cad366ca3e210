"""Valid PDFs of one page and any size: an invisible object fills them."""

from __future__ import annotations

from collections.abc import Iterator

BLOCK = bytes(range(256)) * 4096  # 1 MiB of arbitrary bytes
OBJECTS = (
    b"1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n",
    b"2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n",
    b"3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>> endobj\n",
)
HEAD = b"%PDF-1.7\n"
LEAST = 512  # bytes


def pdf(octets: int = LEAST) -> bytes:
    return b"".join(parts(octets))


def parts(octets: int) -> Iterator[bytes]:
    """Yield a PDF of exactly so many bytes (at least LEAST), in chunks of at most 1 MiB."""
    start = HEAD + b"".join(OBJECTS)
    filling = octets - len(start) - len(_around(start, 0))
    filling = (
        octets - len(start) - len(_around(start, filling))
    )  # the length of the filling changes its own digits
    opening, closing = _around(start, filling).split(b"\0")
    yield start + opening
    for at in range(0, filling + 1, len(BLOCK)):
        yield BLOCK[: min(len(BLOCK), filling + 1 - at)]
    yield closing


def _around(start: bytes, filling: int) -> bytes:
    """Return the bytes before and after the filling, separated by one null byte."""
    opening = b"4 0 obj <</Length %d>> stream\n" % (filling + 1)
    closing = b"\nendstream endobj\n"
    places, at = [], len(HEAD)
    for each in OBJECTS:
        places.append(at)
        at += len(each)
    places.append(len(start))
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(
        b"%010d 00000 n \n" % place for place in places
    )
    xref = len(start) + len(opening) + filling + 1 + len(closing)
    return (
        opening
        + b"\0"
        + closing
        + table
        + b"trailer <</Size 5 /Root 1 0 R>>\nstartxref\n%010d\n%%%%EOF\n" % xref
    )
