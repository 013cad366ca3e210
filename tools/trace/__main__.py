"""Command `python -m tools.trace`: count how often a reader of a request changes files.

It counts the calls of our own functions while one request is answered, with the test cast as data
and after the same request was answered once. `recorder.py` has the rule of counting.

Another checkout can be traced with this tool: `--of FOLDER`, also one without this tool.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import django

from .recorder import Trace

ROOT = Path(__file__).parents[2]
SCENARIOS = ("send", "last-part")


def main(words: Sequence[str] | None = None) -> int:
    options = _options(words)
    checkout = options.of.resolve()
    sys.path[:0] = [str(checkout / "src"), str(checkout)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    # Imported here: they import models of the checkout.
    from .office import open_office
    from .scenarios import browser_of_client, trace

    with open_office() as cast:
        browser, source = browser_of_client(cast), checkout / "src/portaal"
        for name in options.scenarios or SCENARIOS:
            traced = trace(name, browser, cast.dossiers["purchase"].pk, source)
            _print(name, traced, tree=options.tree)
    return 0


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("trace", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="scenario", help=", ".join(SCENARIOS))
    parser.add_argument("--tree", action="store_true", help="print every call, indented by depth")
    parser.add_argument("--of", type=Path, default=ROOT, help="another checkout to trace")
    options = parser.parse_args(words)
    if unknown := set(options.scenarios) - set(SCENARIOS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return options


def _print(name: str, traced: Trace, *, tree: bool) -> None:
    figures = ", ".join(f"{value} {label}" for label, value in traced.figures().items())
    print(f"{name}: {figures}")
    if tree:
        print(traced.tree())


if __name__ == "__main__":
    sys.exit(main())
