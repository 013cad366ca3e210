"""Conversion of HEIC photos to JPEG, in a child process with few rights.

A decoder is large and processes bytes from strangers. Its process gets the picture on standard
input and nothing else, its use of memory and time is bounded, and no plain byte touches the disk.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
SECONDS = 30  # of wall time; the child itself limits its CPU time
CHUNK_BYTES = 64 * 1024


class Unreadable(Exception):
    """The picture could not be decoded, or exceeds the limits of the child process."""


def jpeg_of(heic: Iterable[bytes]) -> Iterator[bytes]:
    """Convert a HEIC and yield the chunks of a JPEG.

    The JPEG has no metadata (GPS position, camera). Raises Unreadable, possibly after some chunks.
    """
    command = [sys.executable, "-I", str(CHILD)]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - our own interpreter and script
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={}, cwd="/"
    ) as process:
        assert process.stdin and process.stdout
        watch = threading.Timer(SECONDS, process.kill)
        watch.start()
        try:
            with suppress(BrokenPipeError):  # its exit code is checked below
                for chunk in heic:
                    process.stdin.write(chunk)
                process.stdin.close()
            while chunk := process.stdout.read(CHUNK_BYTES):
                yield chunk
            if process.wait():
                raise Unreadable(f"the decoder ended with {process.returncode}")
        finally:
            watch.cancel()
            process.kill()
            with suppress(BrokenPipeError):
                process.stdin.close()
