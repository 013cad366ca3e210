"""Results of earlier runs, in var/walls.json."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .checks import Check
from .reach import TESTS, Reach


@dataclass(frozen=True)
class Result:
    """The result of a trial; `test` is the test that failed without the check."""

    seen: bool
    test: str = ""
    why: str = "no test reaches it"


class Results:
    """Results by the key of a check, which changes with the check's file.

    A check that was seen is tried again when the file of its test changed, an unseen one when
    anything did on which it depends.
    """

    def __init__(self, root: Path, checks: list[Check], *, fresh: bool) -> None:
        self.root, self.checks = root, checks
        self.path = root / "var" / "walls.json"
        self.tree = _digest(root, _sources(root))
        self.lock = threading.Lock()
        self.rows: dict[str, dict[str, Any]] = {}
        self.reach: Reach | None = None
        if self.path.exists() and not fresh:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            known = {check.key for check in checks}
            self.rows = {key: row for key, row in data["checks"].items() if key in known}
            self.reach = Reach(data["reach"]) if data["reach"] else None

    def of(self, check: Check) -> Result:
        row = self.rows[check.key]
        return Result(row["seen"], row["test"], row["why"])

    def is_current(self, check: Check) -> bool:
        row = self.rows.get(check.key)
        return row is not None and row["files"] == self._files(self.of(check))

    def kills(self) -> Counter[str]:
        """Return for each test how many checks it was the first to see."""
        with self.lock:
            return Counter(row["test"] for row in self.rows.values() if row["seen"])

    def keep(self, check: Check, result: Result, seconds: float) -> None:
        row = asdict(result) | {
            "place": check.place,
            "text": check.text,
            "seconds": round(seconds, 1),
            "files": self._files(result),
        }
        with self.lock:
            self.rows[check.key] = row
            self._write()

    @property
    def is_reach_current(self) -> bool:
        return self.reach is not None and self.reach.tree == self.tree

    def keep_reach(self, reach: Reach) -> None:
        with self.lock:
            self.reach = reach
            self._write()

    def _files(self, result: Result) -> str:
        test = self.root / result.test.partition("::")[0]
        return _digest(self.root, [test] if test.is_file() else []) if result.seen else self.tree

    def _write(self) -> None:
        data = {
            "checks": self.rows,
            "reach": self.reach.recorded if self.reach else None,
        }
        self.path.parent.mkdir(exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(data, indent=1), encoding="utf-8")
        new.replace(self.path)


def _sources(root: Path) -> Iterator[Path]:
    folders = [root / folder for folder in ("src", *TESTS)]
    for found in (*(folder.rglob("*") for folder in folders), (root / "tests").glob("*.py")):
        for path in sorted(found):
            if path.suffix in (".py", ".html", ".txt") and "egg-info" not in str(path):
                yield path


def _digest(root: Path, paths: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()
