"""Tests that reach each check, and the order to run them in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .checks import Check
from .copies import Copies, run_tests

# A failure of these says nothing about access: they look at the plan and the number of queries.
NOT_ABOUT_ACCESS = ("tests/faces/test_plans.py", "tests/faces/test_costs.py")
NEAR = 10  # a test of the check's own room is so many times likelier to fail
TESTS = ("tests/faces", "tests/domain", "tests/web")


class Reach:
    """Recorded runs of tests: `tests[name of a check][test]` is true if the view refused it.

    `seconds[test]` is its duration, `failing` are the tests that failed with every check in place.
    `tree` is the digest of the sources at that time.
    """

    def __init__(self, recorded: dict[str, Any]) -> None:
        self.recorded = recorded
        self.tree: str = recorded["tree"]
        self.tests: dict[str, dict[str, bool]] = recorded["tests"]
        self.seconds: dict[str, float] = recorded["seconds"]
        self.failing: list[str] = recorded["failing"]

    def order(self, check: Check, kills: Mapping[str, int]) -> list[str]:
        """Return the tests that reach a check, the likeliest and fastest to fail first.

        A test that was refused at the view comes before one that was let in. One of the same room,
        and one that failed without other checks, counts as faster.
        """
        reaching = self.tests.get(check.name, {})
        room = "/".join(("tests", *check.path.parts[2:4])) + "/"
        cost = {
            test: (self.seconds[test] + 0.05)
            / (kills.get(test, 0) + 0.5)
            / (NEAR if test.startswith(room) else 1)
            for test in reaching
            if not test.startswith(NOT_ABOUT_ACCESS)
        }
        return sorted(cost, key=lambda test: (not reaching[test], cost[test], test))


def record(copies: Copies, checks: list[Check], tree: str, jobs: int) -> Reach:
    """Run all tests with every check in place."""
    with copies.one() as copy:
        spans, parts = copy / "walls-spans.json", copy / "walls-reach"
        parts.mkdir(exist_ok=True)
        spans.write_text(json.dumps([_span(check) for check in checks]))
        print(f"  record the tests that reach {len(checks)} checks", flush=True)
        done = run_tests(
            copy,
            *("-p", "tools.walls.recorder", "--walls-spans", str(spans)),
            *("--walls-reach", str(parts)),
            *(["-n", str(jobs), "--dist", "loadfile"] if jobs > 1 else []),
            *(folder for folder in TESTS if (copy / folder).exists()),
        )
        found = [json.loads(part.read_text()) for part in parts.glob("*.json")]
    if done.returncode not in (0, 1):
        raise SystemExit(f"the tests do not run: mend that first\n{done.stdout}{done.stderr}")
    return Reach({"tree": tree} | _joined(found))


def _span(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "path": str(check.path),
        "first": check.line,
        "last": check.last_line,
        "view": check.view,
    }


def _joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    tests: dict[str, dict[str, bool]] = {}
    failing = {test for part in parts for test in part["failing"]}
    for part in parts:
        for name, reaching in part["tests"].items():
            kept = {test: refused for test, refused in reaching.items() if test not in failing}
            tests.setdefault(name, {}).update(kept)
    seconds = {test: each for part in parts for test, each in part["seconds"].items()}
    return {"tests": tests, "seconds": seconds, "failing": sorted(failing)}
