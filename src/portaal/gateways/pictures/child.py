"""Script that reads a HEIC from standard input and writes a JPEG to standard output.

It is run, never imported. Any error ends it with a non-zero exit code.
"""

from __future__ import annotations

import ctypes
import io
import resource
import sys
from contextlib import suppress

CPU_SECONDS = 10
MEMORY = 1024 * 1024 * 1024  # bytes of address space; 48 million pixels use 400 MB of it
OPEN_FILES = 32
PIXELS_MAX = 50_000_000
QUALITY = 88
NEW_USER, NEW_NET = 0x10000000, 0x40000000  # linux/sched.h


def restrict() -> None:
    """Limit the resources of this process, and unshare the network if the system allows it."""
    for limit, value in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(limit, (value, value))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(NEW_USER | NEW_NET)


def jpeg_of(heic: bytes) -> bytes:
    import pi_heif
    from PIL import Image

    pi_heif.options.DECODE_THREADS = 1
    pi_heif.register_heif_opener()
    out = io.BytesIO()
    with Image.open(io.BytesIO(heic), formats=["HEIF"]) as picture:
        if picture.width * picture.height > PIXELS_MAX:
            raise ValueError("too many points")
        picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


if __name__ == "__main__":
    restrict()
    sys.stdout.buffer.write(jpeg_of(sys.stdin.buffer.read()))
