"""Run inside a portal: print the defects that its own commands find, as a JSON list.

The sweep deletes leftovers of a killed process after two days, so all files are first made three
days old.
"""

from __future__ import annotations

import json
import sys
from io import StringIO

import django

django.setup()

from django.conf import settings  # noqa: E402 - needs the settings
from django.core.management import CommandError, call_command  # noqa: E402 - as above

from .aftermath import make_old  # noqa: E402 - as above


def main() -> list[str]:
    if "removed." not in _output_of("files", "sweep"):
        return ["the sweep did not say what it removed"]
    make_old()
    _output_of("files", "sweep")
    faults = [line for act in ("journal", "files") for line in _complaints(act)]
    return faults + [
        f"draft {path.name} is still there" for path in (settings.FILES_DIR / "tmp").glob("*")
    ]


def _output_of(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def _complaints(act: str) -> list[str]:
    """Return the lines of errors that `verify` of a command prints."""
    output = StringIO()
    try:
        call_command(act, "verify", stdout=StringIO(), stderr=output)
    except CommandError as error:
        return [*output.getvalue().splitlines(), str(error)]
    return output.getvalue().splitlines()


sys.stdout.write(json.dumps(main()))
