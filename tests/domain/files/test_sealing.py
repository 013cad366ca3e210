"""Encrypted blobs: they decrypt to the same bytes, or raise Tampered."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, BinaryIO
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.stores import Hands

from portaal.domain.files.sealing import (
    SEALED_BYTES,
    SEGMENT_BYTES,
    IncomingFile,
    Sealer,
    decrypted_chunks,
)
from portaal.domain.files.seeking import open_decrypted
from portaal.domain.keys.crypto import Tampered, new_key

HEADER_BYTES = 11
SIZES = [
    0,
    1,
    65535,
    65536,
    65537,
    131071,
    131072,
    131073,
    196607,
    196608,
    196609,
    262143,
    262144,
    262145,
]


def seal(hands: Hands, *chunks: bytes) -> tuple[UUID, bytes]:
    """Write an encrypted blob. Return its id and its key."""
    blob_id, key = uuid4(), new_key()
    sealer = Sealer(blob_id, key)
    for chunk in chunks:
        sealer.write(chunk)
    sealer.commit()
    return blob_id, key


def unseal(hands: Hands, blob_id: UUID, key: bytes) -> bytes:
    return b"".join(decrypted_chunks(hands.store().open(blob_id), key, blob_id))


def tamper(hands: Hands, blob_id: UUID, change: Callable[[bytes], bytes]) -> None:
    hands.write(blob_id, change(hands.read(blob_id)))


def content(size: int) -> bytes:
    return (b"0123456789abcdefghijklmnopqrstuvwxyz." * (size // 37 + 1))[:size]


@pytest.mark.parametrize("size", SIZES)
def test_sealed_bytes_are_decrypted_unchanged(hands: Hands, size: int) -> None:
    blob_id, key = seal(hands, content(size))
    assert unseal(hands, blob_id, key) == content(size)


@examples(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sizes=st.lists(st.integers(0, 70_000), max_size=5))
def test_chunks_of_any_size_are_decrypted_unchanged(hands: Hands, sizes: list[int]) -> None:
    chunks = [content(size) for size in sizes]
    blob_id, key = seal(hands, *chunks)
    assert unseal(hands, blob_id, key) == b"".join(chunks)


def flip(place: int) -> Callable[[bytes], bytes]:
    """Return a change of one bit of the byte at this place."""

    def change(sealed: bytes) -> bytes:
        changed = bytearray(sealed)
        changed[place] ^= 1
        return bytes(changed)

    return change


def header_and_segments(sealed: bytes) -> list[bytes]:
    body = sealed[HEADER_BYTES:]
    segments = [body[at : at + SEALED_BYTES] for at in range(0, len(body), SEALED_BYTES)]
    return [sealed[:HEADER_BYTES], *segments]


def in_order(*places: int) -> Callable[[bytes], bytes]:
    """Return a change that keeps only these segments, in this order; 0 is the header."""
    return lambda sealed: b"".join(header_and_segments(sealed)[place] for place in places)


TAMPERINGS: dict[str, Callable[[bytes], bytes]] = {
    "magic": flip(0),
    "version": flip(3),
    "nonce": flip(5),
    "first byte": flip(HEADER_BYTES),
    "first tag": flip(HEADER_BYTES + SEALED_BYTES - 1),
    "middle": flip(HEADER_BYTES + SEALED_BYTES + 9),
    "last byte": flip(-1),
    "empty": lambda sealed: b"",
    "header cut": lambda sealed: sealed[:4],
    "header alone": lambda sealed: sealed[:HEADER_BYTES],
    "one byte after the header": lambda sealed: sealed[: HEADER_BYTES + 1],
    "one byte cut": lambda sealed: sealed[:-1],
    "one byte more": lambda sealed: sealed + b"\0",
    "last segment cut": in_order(0, 1, 2),
    "first segment alone": in_order(0, 1),
    "first segment dropped": in_order(0, 2, 3),
    "middle segment dropped": in_order(0, 1, 3),
    "swapped": in_order(0, 2, 1, 3),
    "doubled": in_order(0, 1, 1, 2, 3),
    "last doubled": in_order(0, 1, 2, 3, 3),
}


@pytest.mark.parametrize("change", TAMPERINGS.values(), ids=TAMPERINGS)
def test_changed_blob_raises_tampered(hands: Hands, change: Callable[[bytes], bytes]) -> None:
    blob_id, key = seal(hands, content(2 * SEGMENT_BYTES + 100))
    tamper(hands, blob_id, change)
    with pytest.raises(Tampered):
        unseal(hands, blob_id, key)


def test_blob_with_a_changed_first_segment_yields_no_byte(hands: Hands) -> None:
    blob_id, key = seal(hands, content(2 * SEGMENT_BYTES))
    tamper(hands, blob_id, flip(HEADER_BYTES))
    with pytest.raises(Tampered):
        decrypted_chunks(hands.store().open(blob_id), key, blob_id)


def test_blob_cut_off_after_a_full_segment_raises_tampered(hands: Hands) -> None:
    blob_id, key = seal(hands, content(2 * SEGMENT_BYTES))
    tamper(hands, blob_id, lambda sealed: sealed[: HEADER_BYTES + SEALED_BYTES])
    with pytest.raises(Tampered):
        unseal(hands, blob_id, key)


def test_blob_under_another_id_raises_tampered(hands: Hands) -> None:
    blob_id, key = seal(hands, content(10))
    other_id, _ = seal(hands, content(10))
    hands.write(other_id, hands.read(blob_id))
    with pytest.raises(Tampered):
        unseal(hands, other_id, key)


def test_another_key_raises_tampered(hands: Hands) -> None:
    blob_id, _ = seal(hands, content(10))
    with pytest.raises(Tampered):
        unseal(hands, blob_id, new_key())


def test_empty_stream_stores_nothing(hands: Hands) -> None:
    with Sealer(uuid4(), new_key()):
        pass
    assert hands.ids() == set()
    assert hands.unfinished() == 0


def test_broken_stream_stores_nothing(hands: Hands) -> None:
    with pytest.raises(ConnectionError), Sealer(uuid4(), new_key()) as sealer:
        sealer.write(content(200_000))
        raise ConnectionError
    assert hands.ids() == set()
    assert hands.unfinished() == 0


def test_stream_past_its_limit_is_not_read_on(hands: Hands) -> None:
    chunks = iter([content(10), content(10), content(10)])
    sealer = Sealer(uuid4(), new_key())
    sealer.write_all(chunks, limit=15)
    assert len(list(chunks)) == 1
    assert sealer.size == 20


def test_same_bytes_are_sealed_differently_each_time(hands: Hands) -> None:
    sealed: set[Any] = {hands.read(seal(hands, content(10))[0])[HEADER_BYTES:] for _ in range(2)}
    assert len(sealed) == 2


def test_file_that_is_written_again_is_sealed_to_the_same_bytes(hands: Hands) -> None:
    again, sealed = (uuid4(), new_key()), set[bytes]()
    for _ in range(2):
        incoming = IncomingFile("akte.pdf", 1_000_000, again=again)
        incoming.write(content(2 * SEGMENT_BYTES + 100))
        incoming.finish()
        sealed.add(hands.read(again[0]))
    assert len(sealed) == 1
    assert unseal(hands, *again) == content(2 * SEGMENT_BYTES + 100)


def unsealed_file(hands: Hands, blob_id: UUID, key: bytes, size: int) -> BinaryIO:
    return open_decrypted(lambda: hands.store().open(blob_id), key, blob_id, size)


@pytest.mark.parametrize("size", SIZES[1:])
def test_unsealed_file_reads_from_any_offset(hands: Hands, size: int) -> None:
    blob_id, key = seal(hands, content(size))
    offsets = [0, size - 1, size // 2, 65_530, 3, size, size + 9, 0]
    with unsealed_file(hands, blob_id, key, size) as source:
        for offset in offsets:
            source.seek(offset)
            assert source.read(70_000) == content(size)[offset : offset + 70_000]


@pytest.mark.parametrize("size", SIZES[1:])
def test_unsealed_file_seeks_from_its_end(hands: Hands, size: int) -> None:
    blob_id, key = seal(hands, content(size))
    with unsealed_file(hands, blob_id, key, size) as source:
        assert source.seek(-1, io.SEEK_END) == size - 1
        assert source.read() == content(size)[-1:]
        assert source.tell() == size


@pytest.mark.parametrize(
    ("offset", "byte"), [(0, HEADER_BYTES), (65_536, HEADER_BYTES + SEALED_BYTES), (131_072, -1)]
)
def test_unsealed_file_with_a_changed_segment_raises_tampered(
    hands: Hands, offset: int, byte: int
) -> None:
    blob_id, key = seal(hands, content(131_100))
    tamper(hands, blob_id, flip(byte))
    with unsealed_file(hands, blob_id, key, 131_100) as source, pytest.raises(Tampered):
        source.seek(offset)
        source.read(10)


def test_unsealed_file_that_was_cut_off_raises_tampered(hands: Hands) -> None:
    blob_id, key = seal(hands, content(131_072))
    tamper(hands, blob_id, lambda sealed: sealed[:-SEALED_BYTES])
    with unsealed_file(hands, blob_id, key, 131_072) as source, pytest.raises(Tampered):
        source.seek(131_000)
        source.read(10)
