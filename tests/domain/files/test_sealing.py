"""What is sealed comes back byte for byte, or not at all."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.stores import Hands

from portaal.domain.files.intake import IncomingFile
from portaal.domain.files.sealing import (
    SEALED_BYTES,
    SEGMENT_BYTES,
    Sealer,
    UnsealedFile,
    decrypted_chunks,
)
from portaal.domain.keys.crypto import Tampered, new_key

HEADER = 11
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


def seal(hands: Hands, *parts: bytes) -> tuple[UUID, bytes]:
    name, key = uuid4(), new_key()
    out = hands.store().writer(name)
    sealer = Sealer(out, key, name)
    for part in parts:
        sealer.write(part)
    sealer.close()
    out.commit()
    return name, key


def opened(hands: Hands, name: UUID, key: bytes) -> bytes:
    return b"".join(decrypted_chunks(hands.store().open(name), key, name))


def tamper(hands: Hands, name: UUID, how: Callable[[bytes], bytes]) -> None:
    hands.write(name, how(hands.read(name)))


def content(size: int) -> bytes:
    return (b"0123456789abcdefghijklmnopqrstuvwxyz." * (size // 37 + 1))[:size]


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_back(hands: Hands, size: int) -> None:
    name, key = seal(hands, content(size))
    assert opened(hands, name, key) == content(size)


@examples(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sizes=st.lists(st.integers(0, 70_000), max_size=5))
def test_it_makes_no_difference_in_which_parts_it_comes(hands: Hands, sizes: list[int]) -> None:
    parts = [content(size) for size in sizes]
    name, key = seal(hands, *parts)
    assert opened(hands, name, key) == b"".join(parts)


def flip(place: int) -> Callable[[bytes], bytes]:
    def change(sealed: bytes) -> bytes:
        changed = bytearray(sealed)
        changed[place] ^= 1
        return bytes(changed)

    return change


def parts(sealed: bytes) -> list[bytes]:
    body = sealed[HEADER:]
    return [
        sealed[:HEADER],
        *(body[at : at + SEALED_BYTES] for at in range(0, len(body), SEALED_BYTES)),
    ]


def in_order(*places: int) -> Callable[[bytes], bytes]:
    return lambda sealed: b"".join(parts(sealed)[place] for place in places)


TAMPERINGS: dict[str, Callable[[bytes], bytes]] = {
    "magic": flip(0),
    "version": flip(3),
    "nonce": flip(5),
    "first byte": flip(HEADER),
    "first tag": flip(HEADER + SEALED_BYTES - 1),
    "middle": flip(HEADER + SEALED_BYTES + 9),
    "last byte": flip(-1),
    "empty": lambda sealed: b"",
    "header cut": lambda sealed: sealed[:4],
    "header alone": lambda sealed: sealed[:HEADER],
    "one byte after the header": lambda sealed: sealed[: HEADER + 1],
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
def test_what_was_changed_is_refused(hands: Hands, change: Callable[[bytes], bytes]) -> None:
    name, key = seal(hands, content(2 * SEGMENT_BYTES + 100))
    tamper(hands, name, change)
    with pytest.raises(Tampered):
        opened(hands, name, key)


def test_a_file_whose_beginning_changed_gives_not_one_byte(hands: Hands) -> None:
    name, key = seal(hands, content(2 * SEGMENT_BYTES))
    tamper(hands, name, flip(HEADER))
    with pytest.raises(Tampered):
        decrypted_chunks(hands.store().open(name), key, name)


def test_a_file_cut_off_at_a_segment_is_refused_at_every_size(hands: Hands) -> None:
    name, key = seal(hands, content(2 * SEGMENT_BYTES))
    tamper(hands, name, lambda sealed: sealed[: HEADER + SEALED_BYTES])
    with pytest.raises(Tampered):
        opened(hands, name, key)


def test_the_bytes_of_one_file_do_not_open_as_another(hands: Hands) -> None:
    name, key = seal(hands, content(10))
    other, _ = seal(hands, content(10))
    hands.write(other, hands.read(name))
    with pytest.raises(Tampered):
        opened(hands, other, key)


def test_another_key_does_not_open_it(hands: Hands) -> None:
    name, _ = seal(hands, content(10))
    with pytest.raises(Tampered):
        opened(hands, name, new_key())


def test_the_same_bytes_are_sealed_differently_each_time(hands: Hands) -> None:
    sealed: set[Any] = {hands.read(seal(hands, content(10))[0])[HEADER:] for _ in range(2)}
    assert len(sealed) == 2


def test_a_file_that_is_taken_in_twice_is_sealed_to_the_same_bytes(hands: Hands) -> None:
    again, sealed = (uuid4(), new_key()), set[bytes]()
    for _ in range(2):
        incoming = IncomingFile("akte.pdf", 1_000_000, again=again)
        incoming.write(content(2 * SEGMENT_BYTES + 100))
        incoming.finish()
        sealed.add(hands.read(again[0]))
    assert (len(sealed), opened(hands, *again)) == (1, content(2 * SEGMENT_BYTES + 100))


def anywhere(hands: Hands, name: UUID, key: bytes, size: int) -> io.BufferedReader:
    return io.BufferedReader(UnsealedFile(lambda: hands.store().open(name), key, name, size))


@pytest.mark.parametrize("size", SIZES[1:])
def test_what_was_sealed_is_read_from_any_place(hands: Hands, size: int) -> None:
    name, key = seal(hands, content(size))
    places = [0, size - 1, size // 2, 65_530, 3, size, size + 9, 0]
    with anywhere(hands, name, key, size) as source:
        read = []
        for at in places:
            source.seek(at)
            read.append(source.read(70_000))
        end = (source.seek(-1, io.SEEK_END), source.read(), source.tell())
    assert read == [content(size)[at : at + 70_000] for at in places]
    assert end == (size - 1, content(size)[-1:], size)


@pytest.mark.parametrize(
    ("place", "byte"), [(0, HEADER), (65_536, HEADER + SEALED_BYTES), (131_072, -1)]
)
def test_a_changed_part_is_not_given_from_any_place(hands: Hands, place: int, byte: int) -> None:
    name, key = seal(hands, content(131_100))
    whole = bytearray(hands.read(name))
    whole[byte] ^= 1
    hands.write(name, bytes(whole))
    with anywhere(hands, name, key, 131_100) as source, pytest.raises(Tampered):
        source.seek(place)
        source.read(10)


def test_a_file_cut_off_is_not_given_from_any_place(hands: Hands) -> None:
    name, key = seal(hands, content(131_072))
    hands.write(name, hands.read(name)[:-SEALED_BYTES])
    with anywhere(hands, name, key, 131_072) as source, pytest.raises(Tampered):
        source.seek(131_000)
        source.read(10)
