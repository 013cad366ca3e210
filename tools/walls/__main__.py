"""Command `make walls`: remove each access check in turn and expect a failing test.

It works in copies of the checkout. The tests run once with every check in place, to record which
tests reach which check. Then each check is removed, and only those tests run, until the first one
fails. A check that no test reaches is unseen at once.

Results are kept in var/walls.json. A later run, also after an interruption, tries only the checks
whose file changed, or the file of the test that failed without them. It ends with one line, and
with status 1 if the removal of a check goes unnoticed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from .checks import Check, checks_of
from .copies import Copies
from .reach import Reach, record
from .results import Result, Results
from .trial import attempt


def main(words: Sequence[str] | None = None) -> int:
    options = _options(words)
    root = Path.cwd()
    known = checks_of(root)
    chosen = [
        check
        for check in known
        if not options.words or any(word in check.place for word in options.words)
    ]
    results = Results(root, known, fresh=options.fresh)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="walls-")))
        copies = Copies(root, folder, options.jobs)
        pending = [check for check in chosen if not results.is_current(check)]
        broken = _try(pending, copies, results, options.jobs) if pending else []
    return _report(chosen, results, len(pending), broken)


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("walls", description=__doc__)
    parser.add_argument("words", nargs="*", help="parts of the places to try (path:line)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--fresh", action="store_true", help="forget the results of earlier runs")
    return parser.parse_args(words)


def _try(pending: list[Check], copies: Copies, results: Results, jobs: int) -> list[str]:
    """Try each check, and return the tests that fail with every check in place.

    The recording of an earlier run can show that a check is seen, not that it is unseen: tests may
    have changed. Then all tests are recorded again, and those that have not run yet are tried.
    """
    passed: dict[str, set[str]] = {}
    if results.reach and not results.is_reach_current:
        reached = [check for check in pending if check.name in results.reach.tests]
        pending = [check for check in pending if check not in reached]
        pending += _trials(reached, results.reach, copies, results, passed)
    if pending and not results.is_reach_current:
        results.keep_reach(record(copies, results.checks, results.tree, jobs))
    reach = results.reach
    assert reach
    _trials(pending, reach, copies, results, passed)
    return reach.failing


def _trials(
    checks: list[Check],
    reach: Reach,
    copies: Copies,
    results: Results,
    passed: dict[str, set[str]],
) -> list[Check]:
    """Try each check with the tests that have not `passed` without it; return the unseen ones."""
    unseen: list[Check] = []

    def run(numbered: tuple[int, Check]) -> None:
        number, check = numbered
        started = time.monotonic()
        before = passed.setdefault(check.name, set())
        order = [test for test in reach.order(check, results.kills()) if test not in before]
        with copies.one() as copy:
            result = attempt(check, order, copy) if order else Result(False)
        before.update(order)
        if not result.seen:
            unseen.append(check)
        if result.seen or results.is_reach_current:
            results.keep(check, result, time.monotonic() - started)
        word = "seen  " if result.seen else "UNSEEN"
        print(f"  {number}/{len(checks)} {word} {check.place} {check.text}", flush=True)

    with ThreadPoolExecutor(copies.number) as pool:
        list(pool.map(run, enumerate(checks, 1)))
    return unseen


def _report(chosen: list[Check], results: Results, tried: int, broken: list[str]) -> int:
    for test in broken:
        print(f"fails with every check in place: {test}")
    unseen = [check for check in chosen if not results.of(check).seen]
    for check in unseen:
        print(f"UNSEEN {check.place} {check.text}")
    print(f"walls: {len(chosen)} checks taken away ({tried} in this run), {len(unseen)} unseen")
    return 1 if unseen or broken or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
