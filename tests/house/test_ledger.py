"""The ledger: every row of the manual has a test, or names what it waits for."""

from __future__ import annotations

import tomllib

from tests.house.source import ROOT, functions

ROWS = range(1, 137)
LEDGER = tomllib.loads((ROOT / "tests" / "manual" / "ledger.toml").read_text(encoding="utf-8"))
# Finished parts: no row may wait for them.
DONE: set[str] = set()


def test_ledger_has_every_row_once():
    assert [int(row) for row in LEDGER] == list(ROWS)


def test_each_row_has_a_test_or_waits_for_a_part():
    unclear = [
        row
        for row, says in LEDGER.items()
        if set(says) - {"manual", "what"} not in ({"test"}, {"waits"}) or not all(says.values())
    ]
    assert unclear == []


def test_each_named_test_exists():
    gone = []
    for row, says in LEDGER.items():
        file, _, name = says.get("test", "").partition("::")
        if file and not (
            (ROOT / file).is_file() and name.startswith("test_") and name in functions(ROOT / file)
        ):
            gone.append(f"{row}: {says['test']}")
    assert gone == []


def test_no_row_waits_for_a_finished_part():
    assert [row for row, says in LEDGER.items() if says.get("waits") in DONE] == []
