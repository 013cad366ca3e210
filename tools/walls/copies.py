"""Copies of the checkout, in which checks are removed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

TOOL = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "node_modules", "var", ".stamps", ".*_cache")


class Copies:
    """As many copies as processes work at once; each is used by one process at a time."""

    def __init__(self, root: Path, folder: Path, number: int) -> None:
        self.number = number
        self.free: Queue[Path] = Queue()
        for each in range(number):
            copy = folder / str(each)
            shutil.copytree(root, copy, ignore=LEFT_OUT)
            self.free.put(copy)

    @contextmanager
    def one(self) -> Iterator[Path]:
        copy = self.free.get()
        try:
            yield copy
        finally:
            self.free.put(copy)


@contextmanager
def replaced(path: Path, text: str) -> Iterator[None]:
    """Give a file another text for a while; its compiled form is removed both times."""
    whole = path.read_text(encoding="utf-8")
    try:
        _write(path, text)
        yield
    finally:
        _write(path, whole)


def run_tests(
    copy: Path, *arguments: str, timeout: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run pytest on SQLite in a copy, with its own sources before those of this checkout.

    Queries are not prepared: the function of a prepared query runs in the first test alone that
    needs it, so that no other test would count as reaching its checks.
    """
    path = os.pathsep.join([str(copy / "src"), str(copy), str(TOOL)])
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "pytest", "-q", f"--rootdir={copy}"]
    return subprocess.run(
        [*command, "-m", "not browser and not slow", *arguments],
        cwd=copy,
        env=kept | {"PYTHONPATH": path, "PORTAAL_PLAIN": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    # Python recognises an old one by the second and the size, which may be equal.
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
