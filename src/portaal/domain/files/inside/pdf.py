"""PDF: the names of what acts by itself, wherever they stand. The document's structure is not followed, so it cannot mislead.

A name may be written with escapes (`/J#61vaScript`) or lie in a packed stream of objects. Those are unpacked here, up to a bound;
one that is packed in a way that we do not know is a reason to hold the file.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

from .bounds import UNPACKED_MAX, Held, Reason

OVERLAP = 128  # longer than any name below with every letter escaped
DICTIONARY_BYTES = 4096
PART = 64 * 1024


def look(chunks: Iterable[bytes]) -> None:
    """Raises Held, with the gravest reason of all that were found."""
    found: set[str] = set()
    names, packed = _Names(found), _Packed(found)
    for chunk in chunks:
        names.feed(chunk)
        packed.feed(chunk)
    for reason in (*FLAGS, Reason.DAMAGED):
        if reason in found:
            raise Held(reason)


def _name(*words: str) -> bytes:
    def escaped(word: str) -> str:
        return "".join(f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})" for letter in word)

    return f"/(?:{'|'.join(map(escaped, words))})(?=[\\s\\0()<>\\[\\]{{}}/%])".encode()


# Every script is an action called JavaScript, whatever starts it.
FLAGS: dict[str, re.Pattern[bytes]] = {
    Reason.ACTIVE: re.compile(_name("JavaScript", "Launch", "XFA", "RichMedia")),
    Reason.ENCLOSED: re.compile(_name("EmbeddedFile", "EmbeddedFiles")),
    Reason.ENCRYPTED: re.compile(_name("Encrypt")),
}
FIRST = re.compile(_name("First"))  # among streams, only those of objects have this key
STREAM = re.compile(rb"(?<!end)stream[ \t]*\r?\n?")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
FILTER = re.compile(rb"/Filter(?=[\s/\[])\s*(\[[^\]]*\]|/[^\s/<>\[\]()]+)")
PREDICTOR = re.compile(rb"/Predictor\s+(?!1\b)")


class _Names:
    """Looks for the names in bytes that come in parts."""

    def __init__(self, found: set[str]) -> None:
        self.found, self.end = found, b""

    def feed(self, part: bytes) -> None:
        piece = self.end + part
        self.found |= {
            reason
            for reason, names in FLAGS.items()
            if reason not in self.found and names.search(piece)
        }
        self.end = piece[-OVERLAP:]


class _Packed:
    """Finds the streams of objects in bytes that come in parts, and looks for the names in what is packed there."""

    def __init__(self, found: set[str]) -> None:
        self.found, self.buffer, self.left = found, b"", UNPACKED_MAX
        self.names, self.inflater, self.is_sure = _Names(found), zlib.decompressobj(), False
        self.inside = False

    def feed(self, part: bytes) -> None:
        self.buffer += part
        while self._inflate() if self.inside else self._search():
            pass

    def _search(self) -> bool:
        """Goes to the bytes of the next stream of objects; False when more of the file must come first."""
        first = FIRST.search(self.buffer)
        if first is None:
            self.buffer = self.buffer[-DICTIONARY_BYTES:]
            return False
        stream = STREAM.search(self.buffer, first.end(), first.end() + DICTIONARY_BYTES)
        if stream is None and len(self.buffer) < first.end() + DICTIONARY_BYTES:
            return False
        between = self.buffer[
            first.end() : stream.start() if stream else first.end() + DICTIONARY_BYTES
        ]
        self.is_sure = b"endobj" not in between
        if stream is None:
            self._miss()
            self.buffer = self.buffer[first.end() :]
            return True
        begin = self.buffer.rfind(b"obj", max(0, first.start() - DICTIONARY_BYTES), first.start())
        self._enter(ESCAPE.sub(_unescaped, self.buffer[max(0, begin) : stream.start()]))
        self.buffer = self.buffer[stream.end() :]
        return True

    def _enter(self, dictionary: bytes) -> None:
        """Begins to unpack when the stream is packed as such streams are; one that is not packed has been seen already."""
        filters = [
            name
            for value in FILTER.findall(dictionary)
            for name in re.findall(rb"/([^\s/\[\]]+)", value)
        ]
        if filters in ([b"FlateDecode"], [b"Fl"]) and not PREDICTOR.search(dictionary):
            self.names, self.inflater, self.inside = _Names(self.found), zlib.decompressobj(), True
        elif filters or b"/Filter" in dictionary:
            self._miss()

    def _inflate(self) -> bool:
        """Unpacks what is there; True when the stream has ended."""
        data, self.buffer = self.buffer, b""
        while data:
            try:
                part = self.inflater.decompress(data, PART)
            except zlib.error:
                self._miss()
                self.inside, self.buffer = False, data
                return True
            self.left -= len(part)
            if self.left < 0:
                raise Held(Reason.TOO_MUCH)
            self.names.feed(part)
            if self.inflater.eof:
                self.inside, self.buffer = False, self.inflater.unused_data
                return True
            data = self.inflater.unconsumed_tail
        return False

    def _miss(self) -> None:
        if self.is_sure:
            self.found.add(Reason.DAMAGED)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    return bytes([int(escape[1], 16)])
