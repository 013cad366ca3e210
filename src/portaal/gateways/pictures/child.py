"""Run by itself, never imported: a HEIC on the input, a JPEG on the output. Ends with a fault when there is anything wrong."""

from __future__ import annotations

import ctypes
import io
import resource
import sys
from contextlib import suppress

CPU_SECONDS = 10
MEMORY = 1024 * 1024 * 1024  # of addresses; 48 million points use 400 MB of it
OPEN_FILES = 32
POINTS_MAX = 50_000_000
QUALITY = 88
NEW_USER, NEW_NET = 0x10000000, 0x40000000  # linux/sched.h


def fence() -> None:
    """Bounds what this process may use. Without a network where the system lets us; nothing is lost where it does not."""
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(NEW_USER | NEW_NET)


def jpeg_of(heic: bytes) -> bytes:
    import pi_heif
    from PIL import Image

    pi_heif.options.DECODE_THREADS = 1
    pi_heif.register_heif_opener()
    out = io.BytesIO()
    with Image.open(io.BytesIO(heic), formats=["HEIF"]) as picture:
        if picture.width * picture.height > POINTS_MAX:
            raise ValueError("too many points")
        picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


if __name__ == "__main__":
    fence()
    sys.stdout.buffer.write(jpeg_of(sys.stdin.buffer.read()))
