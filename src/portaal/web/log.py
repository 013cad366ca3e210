"""Format of the log: one line an event, with its request's id and escaped controls."""

from __future__ import annotations

import logging

from portaal.domain.context import current_request


class LineFormatter(logging.Formatter):
    """Formatter that keeps data from forging a line: the lines of a traceback are indented."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(request)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.request = current_request.get().id or "-"
        line = super().format(record)
        lines = [
            "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in part)
            for part in line.split("\n")
        ]
        return "\n  ".join(lines)
