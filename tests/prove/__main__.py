"""The proof at length: `make prove`. Every scenario, or those that are named: `python -m tests.prove kills power`."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import time
import traceback

from .report import Skipped, say

SCENARIOS = [
    "kills",
    "points",
    "io_errors",
    "power",
    "locked",
    "mail",
    "workers",
    "scanner",
    "full",
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="scenario", help=", ".join(SCENARIOS))
    parser.add_argument("--kills", type=int, default=1000)
    said = parser.parse_args()
    if unknown := set(said.scenarios) - set(SCENARIOS):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    database = (
        "PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "SQLite"
    )
    red = 0
    for name in said.scenarios or SCENARIOS:
        options = {"kills": said.kills} if name == "kills" else {}
        began = time.monotonic()
        try:
            counts = importlib.import_module(f"tests.prove.{name}").prove(**options)
        except Skipped as reason:
            counts = f"SKIPPED: {reason}"
        except Exception:
            traceback.print_exc()
            counts, red = "FAILED", red + 1
        say(f"prove {name} ({database}): {counts} in {time.monotonic() - began:.0f} s")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main())
