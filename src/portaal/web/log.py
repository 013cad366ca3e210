"""Format of the log: one line an event, as text or JSON, without data of people.

Each line has the time in UTC and, during a request, its id, login and network. Errors are logged
with their place in the source, without their text (`describe`).
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

from django.http import HttpRequest

from portaal.domain.context import current_request
from portaal.domain.problems import describe

from .routes import view_name

FRAMES_MAX = 30  # of each error: a recursion has a thousand
FRAME = re.compile(r'^  File ".+", line \d+, in \S+$', re.MULTILINE)


class TextFormatter(logging.Formatter):
    """Formatter of a line with spaces; the lines of a traceback are indented."""

    def format(self, record: logging.LogRecord) -> str:
        request = current_request.get()
        facts = [time_of(record), record.levelname, record.name]
        facts += [fact or "-" for fact in (request.id, request.login, request.network)]
        lines = [" ".join([*facts, message_of(record)]), *traceback_of(record)]
        return "\n  ".join(_escaped(line) for line in lines)


class JsonFormatter(logging.Formatter):
    """Formatter of a line with one JSON object; facts that are unknown are left out."""

    def format(self, record: logging.LogRecord) -> str:
        request = current_request.get()
        facts = {
            "time": time_of(record),
            "level": record.levelname,
            "logger": record.name,
            "request": request.id,
            "login": request.login,
            "network": request.network,
            "message": message_of(record),
            "traceback": list(traceback_of(record)),
        }
        fields: dict[str, object] = getattr(record, "fields", {})
        return json.dumps({name: fact for name, fact in facts.items() if fact} | fields)


class FaultFilter(logging.Filter):
    """Filter that keeps a line of Django about a fault, which has a traceback.

    Its line about any other answer of 5xx is written after the request has lost its id.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(record.exc_info)


def time_of(record: logging.LogRecord) -> str:
    """Return the time of a line in UTC, such as 2026-11-28T09:30:00.123Z."""
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def message_of(record: logging.LogRecord) -> str:
    """Return the message of a line.

    Lines of libraries show their template without its values, which may be of a person.
    """
    if record.name.partition(".")[0] == "portaal":
        return record.getMessage()
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):  # a line of Django about a request names its path
        return f"failed: {request.method} {view_name(request) or '-'}"
    return str(record.msg).partition("\n")[0]


def traceback_of(record: logging.LogRecord) -> Iterator[str]:
    """Yield the lines of the traceback of a record's error, and of the errors that led to it."""
    if record.name.startswith("_granian"):  # the web server writes the traceback as text
        yield from FRAME.findall(str(record.msg))
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    for each in reversed(list(_chain(error))):
        for frame in traceback.format_tb(each.__traceback__, limit=-FRAMES_MAX):
            yield from frame.rstrip("\n").split("\n")
        yield describe(each)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, its cause or the error it was raised in, and so on."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _escaped(line: str) -> str:
    """Return a line without characters that could forge another line."""
    if line.isprintable():  # nearly always, and much faster
        return line
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line)
