"""Pictures that not every program shows, made into ones that do: in a process of its own, which has little and may do little.

A decoder is large and works on what strangers send: its process gets the picture on its input and nothing else, no clear byte
touches the disk, and what it may use is bounded (security.md E1).
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
SECONDS = 30  # by the clock; the processor's time is bounded by the child itself
PART = 64 * 1024


class Unreadable(Exception):
    """The picture could not be decoded, or asks for more than a picture may."""


def jpeg_of(heic: Iterable[bytes]) -> Iterator[bytes]:
    """A HEIC as a JPEG, without its hidden facts (place, camera). Raises Unreadable, also after some parts."""
    command = [sys.executable, "-I", str(CHILD)]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - our own interpreter and script
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={}, cwd="/"
    ) as process:
        assert process.stdin and process.stdout
        watch = threading.Timer(SECONDS, process.kill)
        watch.start()
        try:
            with suppress(BrokenPipeError):  # how it ended is asked below
                for part in heic:
                    process.stdin.write(part)
                process.stdin.close()
            while made := process.stdout.read(PART):
                yield made
            if process.wait():
                raise Unreadable(f"the decoder ended with {process.returncode}")
        finally:
            watch.cancel()
            process.kill()
            with suppress(BrokenPipeError):
                process.stdin.close()
