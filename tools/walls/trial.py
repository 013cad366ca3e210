"""The trial of one check: remove it and run the tests that reach it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from .checks import Check
from .copies import replaced, run_tests
from .results import Result

SECONDS_MAX = 600
# Failures of a source that cannot run without the check.
BROKEN = ("NameError", "ImportError", "ModuleNotFoundError", "SyntaxError")
LIKELY = 40  # tests of a first process, as the modules of all of them take seconds to import


def attempt(check: Check, order: list[str], copy: Path) -> Result:
    """Remove a check in a copy and run tests until one fails."""
    with replaced(copy / check.path, check.without):
        result = _run(order[:LIKELY], copy)
        if not result.seen and order[LIKELY:]:
            result = _run(order[LIKELY:], copy)
    return result


def _run(order: list[str], copy: Path) -> Result:
    wanted, failure = copy / "walls-order.json", copy / "walls-failure.json"
    wanted.write_text(json.dumps(order))
    failure.unlink(missing_ok=True)
    files = dict.fromkeys(test.partition("::")[0] for test in order)
    plugin = ("-p", "tools.walls.portions", "--walls-order", str(wanted))
    try:
        done = run_tests(copy, "-p", "no:xdist", *plugin, *files, timeout=SECONDS_MAX)
    except subprocess.TimeoutExpired:
        return Result(False, why=f"no test failed in {SECONDS_MAX} s")
    if failure.exists():
        found = Result(True, **json.loads(failure.read_text()))
        return found if not found.why.startswith(BROKEN) else Result(False, why=found.why)
    if done.returncode == 0:
        return Result(False, why="every test passed")
    return Result(False, why=f"pytest ended with {done.returncode}: {done.stdout[-2000:]}")
