"""The lines of the log that something causes, in both formats."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from portaal.web.log import JsonFormatter, TextFormatter


@dataclass
class LogLines:
    """`text` and `json` are the same lines in the two formats of PORTAAL_LOG_FORMAT."""

    text: list[str] = field(default_factory=list)
    json: list[str] = field(default_factory=list)

    @property
    def everything(self) -> str:
        return "\n".join(self.text + self.json)

    def of(self, logger: str) -> list[dict[str, Any]]:
        """Return the facts of the lines of one logger."""
        return [line for line in map(json.loads, self.json) if line["logger"] == logger]


class _Handler(logging.Handler):
    def __init__(self, lines: list[str], formatter: logging.Formatter) -> None:
        super().__init__()
        self.lines = lines
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def log_lines() -> Iterator[LogLines]:
    lines = LogLines()
    handlers = [_Handler(lines.text, TextFormatter()), _Handler(lines.json, JsonFormatter())]
    root = logging.getLogger()
    for handler in handlers:
        root.addHandler(handler)
    try:
        yield lines
    finally:
        for handler in handlers:
            root.removeHandler(handler)
