"""Run the durability scenarios, all or those named: `python -m tests.prove kills power`."""

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
    arguments = parser.parse_args()
    if unknown := set(arguments.scenarios) - set(SCENARIOS):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that started processes are ended
    database = (
        "PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "SQLite"
    )
    failures = 0
    for name in arguments.scenarios or SCENARIOS:
        options = {"kills": arguments.kills} if name == "kills" else {}
        began = time.monotonic()
        try:
            counts = importlib.import_module(f"tests.prove.{name}").prove(**options)
        except Skipped as reason:
            counts = f"SKIPPED: {reason}"
        except Exception:
            traceback.print_exc()
            counts, failures = "FAILED", failures + 1
        say(f"prove {name} ({database}): {counts} in {time.monotonic() - began:.0f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
