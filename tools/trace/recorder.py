"""Recorder of the calls of our own functions, and the figures of a path.

The rule: a call is one `call` event of sys.setprofile in a file under one folder, so the request
counts with its middleware. A generator counts each time that it continues, as the reader goes back
to it. Lambdas, comprehensions, generator expressions and module bodies have no name to read on at,
and do not count; neither does compiled Jinja code, which has no file. A switch is a call in another
file than the call before it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NamedTuple


class Call(NamedTuple):
    """One call; `depth` is the number of counted calls around it."""

    file: str
    function: str
    depth: int


@dataclass
class Trace:
    calls: list[Call] = field(default_factory=list)

    @property
    def switches(self) -> int:
        """Count the calls in another file than the call before them."""
        pairs = zip(self.calls, self.calls[1:], strict=False)
        return sum(before.file != after.file for before, after in pairs)

    def figures(self) -> dict[str, int]:
        names = {(call.file, call.function.rpartition(".")[2]) for call in self.calls}
        return {
            "calls": len(self.calls),
            "functions": len(names),
            "files": len({call.file for call in self.calls}),
            "switches": self.switches,
            "depth": max((call.depth for call in self.calls), default=-1) + 1,
        }

    def tree(self) -> str:
        """Return one line for each call; the file is repeated only where it changes."""
        lines, file = [], ""
        for call in self.calls:
            where = "" if call.file == file else call.file
            file = call.file
            lines.append(f"{where:44} {'  ' * call.depth}{call.function}".rstrip())
        return "\n".join(lines)


@contextmanager
def recording(folder: Path) -> Iterator[Trace]:
    """Record the calls of functions whose file is under `folder`, in this thread."""
    root, trace = f"{folder}/", Trace()
    depth = 0

    def is_counted(frame: FrameType) -> bool:
        code = frame.f_code
        return code.co_filename.startswith(root) and not code.co_name.startswith("<")

    def profile(frame: FrameType, event: str, arg: object) -> None:
        nonlocal depth
        if event in ("call", "return") and is_counted(frame):
            if event == "call":
                code = frame.f_code
                file = code.co_filename.removeprefix(root)
                name = code.co_qualname.replace(".<locals>", "")
                trace.calls.append(Call(file, name, depth))
            depth += 1 if event == "call" else -1

    previous = sys.getprofile()
    sys.setprofile(profile)
    try:
        yield trace
    finally:
        sys.setprofile(previous)
