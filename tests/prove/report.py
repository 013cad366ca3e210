"""Output of a scenario: a progress line, and its defects at the end."""

from __future__ import annotations

import sys
import time
from types import TracebackType

EVERY = 5.0  # seconds between two lines without a terminal


class Skipped(Exception):
    """This machine cannot run a scenario; the message gives the reason."""


class Progress:
    def __init__(self, name: str, total: int) -> None:
        self.name, self.total, self.shown, self.is_terminal = name, total, 0.0, sys.stdout.isatty()

    def __enter__(self) -> Progress:
        return self

    def at(self, number: int) -> None:
        now = time.monotonic()
        if now - self.shown > (0.2 if self.is_terminal else EVERY) or number == self.total:
            self.shown = now
            say(f"  {self.name}: {number} of {self.total}", end="\r" if self.is_terminal else "\n")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.is_terminal:
            say(" " * 60, end="\r")


def say(text: str, *, end: str = "\n") -> None:
    sys.stdout.write(text + end)
    sys.stdout.flush()


def failed(name: str, faults: list[str]) -> None:
    """Raise AssertionError with the first 30 defects, if any."""
    if faults:
        rest = f"\n… and {len(faults) - 30} more" if len(faults) > 30 else ""
        raise AssertionError(f"{name}: {len(faults)} faults\n" + "\n".join(faults[:30]) + rest)
