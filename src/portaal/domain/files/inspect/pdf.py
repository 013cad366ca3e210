"""Inspection of a PDF: a search for the names of active content, anywhere in the file.

The structure of the document is not followed, so it cannot mislead the search. A name may be
written with escapes (`/J#61vaScript`) or be inside a compressed object stream. Object streams are
unpacked up to a bound; one with an unknown filter is a reason to quarantine the file.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

from .bounds import UNPACKED_MAX, Quarantined, Reason

NAME_OVERLAP_BYTES = 128  # longer than any name below with every letter escaped
DICTIONARY_BYTES = 4096
CHUNK_BYTES = 64 * 1024


def inspect(chunks: Iterable[bytes]) -> None:
    """Raise Quarantined with the gravest of all reasons in the file."""
    reasons: set[str] = set()
    plain, streams = _NameSearch(reasons), _ObjectStreams(reasons)
    for chunk in chunks:
        plain.feed(chunk)
        streams.feed(chunk)
    for reason in (*FLAGS, Reason.DAMAGED):
        if reason in reasons:
            raise Quarantined(reason)


def _name_pattern(*words: str) -> bytes:
    def escaped(word: str) -> str:
        return "".join(f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})" for letter in word)

    return f"/(?:{'|'.join(map(escaped, words))})(?=[\\s\\0()<>\\[\\]{{}}/%])".encode()


# Every script is an action named JavaScript, whichever event starts it.
FLAGS: dict[str, re.Pattern[bytes]] = {
    Reason.ACTIVE: re.compile(_name_pattern("JavaScript", "Launch", "XFA", "RichMedia")),
    Reason.ENCLOSED: re.compile(_name_pattern("EmbeddedFile", "EmbeddedFiles")),
    Reason.ENCRYPTED: re.compile(_name_pattern("Encrypt")),
}
FIRST = re.compile(_name_pattern("First"))  # of all streams only object streams have this key
STREAM = re.compile(rb"(?<!end)stream[ \t]*\r?\n?")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
FILTER = re.compile(rb"/Filter(?=[\s/\[])\s*(\[[^\]]*\]|/[^\s/<>\[\]()]+)")
PREDICTOR = re.compile(rb"/Predictor\s+(?!1\b)")


class _NameSearch:
    """Searches consecutive chunks for the names in FLAGS."""

    def __init__(self, reasons: set[str]) -> None:
        self.reasons, self.overlap = reasons, b""

    def feed(self, chunk: bytes) -> None:
        data = self.overlap + chunk
        self.reasons |= {
            reason
            for reason, names in FLAGS.items()
            if reason not in self.reasons and names.search(data)
        }
        self.overlap = data[-NAME_OVERLAP_BYTES:]


class _ObjectStreams:
    """Finds, unpacks and searches the object streams in consecutive chunks."""

    def __init__(self, reasons: set[str]) -> None:
        self.reasons, self.buffer, self.left = reasons, b"", UNPACKED_MAX
        self.names, self.inflater = _NameSearch(reasons), zlib.decompressobj()
        self.is_certain = False  # that the current match is the dictionary of an object stream
        self.inside = False

    def feed(self, chunk: bytes) -> None:
        self.buffer += chunk
        while self._inflate() if self.inside else self._find_stream():
            pass

    def _find_stream(self) -> bool:
        """Move the buffer to the next object stream. Return False if more bytes are needed."""
        first = FIRST.search(self.buffer)
        if first is None:
            self.buffer = self.buffer[-DICTIONARY_BYTES:]
            return False
        limit = first.end() + DICTIONARY_BYTES
        stream = STREAM.search(self.buffer, first.end(), limit)
        if stream is None and len(self.buffer) < limit:
            return False
        between = self.buffer[first.end() : stream.start() if stream else limit]
        self.is_certain = b"endobj" not in between
        if stream is None:
            self._skip_stream()
            self.buffer = self.buffer[first.end() :]
            return True
        start = self.buffer.rfind(b"obj", max(0, first.start() - DICTIONARY_BYTES), first.start())
        self._enter(ESCAPE.sub(_unescaped, self.buffer[max(0, start) : stream.start()]))
        self.buffer = self.buffer[stream.end() :]
        return True

    def _enter(self, dictionary: bytes) -> None:
        """Start to unpack a stream with the usual filter. An unpacked one was searched already."""
        filters = [
            name
            for value in FILTER.findall(dictionary)
            for name in re.findall(rb"/([^\s/\[\]]+)", value)
        ]
        if filters in ([b"FlateDecode"], [b"Fl"]) and not PREDICTOR.search(dictionary):
            self.names, self.inflater = _NameSearch(self.reasons), zlib.decompressobj()
            self.inside = True
        elif filters or b"/Filter" in dictionary:
            self._skip_stream()

    def _inflate(self) -> bool:
        """Unpack the buffer. Return True at the end of the stream."""
        data, self.buffer = self.buffer, b""
        while data:
            try:
                chunk = self.inflater.decompress(data, CHUNK_BYTES)
            except zlib.error:
                self._skip_stream()
                self.inside, self.buffer = False, data
                return True
            self.left -= len(chunk)
            if self.left < 0:
                raise Quarantined(Reason.TOO_MUCH)
            self.names.feed(chunk)
            if self.inflater.eof:
                self.inside, self.buffer = False, self.inflater.unused_data
                return True
            data = self.inflater.unconsumed_tail
        return False

    def _skip_stream(self) -> None:
        """Note an object stream that cannot be unpacked as damage."""
        if self.is_certain:
            self.reasons.add(Reason.DAMAGED)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    return bytes([int(escape[1], 16)])
