"""Run inside a portal: what its own commands find wrong, after the sweep had its time, as a JSON list; empty when all is well.

What a killed process left behind stays for two days, then goes: so the bytes are made three days old first.
"""

from __future__ import annotations

import json
import sys
from io import StringIO

import django

django.setup()

from django.conf import settings  # noqa: E402 - the settings come first
from django.core.management import CommandError, call_command  # noqa: E402 - as above

from .aftermath import make_old  # noqa: E402 - as above


def main() -> list[str]:
    if "removed." not in _said("files", "sweep"):
        return ["the sweep did not say what it removed"]
    make_old()
    _said("files", "sweep")
    found = [line for act in ("journal", "files") for line in _complaints(act)]
    return found + [
        f"draft {path.name} is still there" for path in (settings.FILES_DIR / "tmp").glob("*")
    ]


def _said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def _complaints(act: str) -> list[str]:
    found = StringIO()
    try:
        call_command(act, "verify", stdout=StringIO(), stderr=found)
    except CommandError as fault:
        return [*found.getvalue().splitlines(), str(fault)]
    return found.getvalue().splitlines()


sys.stdout.write(json.dumps(main()))
