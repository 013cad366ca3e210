"""Every row of the manual has a test, or says what it waits for."""

from __future__ import annotations

import tomllib

from tests.house.source import ROOT, functions

ROWS = range(1, 137)
LEDGER = tomllib.loads((ROOT / "tests" / "manual" / "ledger.toml").read_text(encoding="utf-8"))
# Parts that are done: nothing waits for them any more.
DONE: set[str] = set()


def test_the_ledger_has_every_row_once():
    assert [int(row) for row in LEDGER] == list(ROWS)


def test_every_row_has_a_test_or_waits_for_something():
    unclear = [
        row
        for row, says in LEDGER.items()
        if set(says) - {"manual", "what"} not in ({"test"}, {"waits"}) or not all(says.values())
    ]
    assert unclear == []


def test_every_test_that_is_named_exists():
    gone = []
    for row, says in LEDGER.items():
        file, _, name = says.get("test", "").partition("::")
        if file and not (
            (ROOT / file).is_file() and name.startswith("test_") and name in functions(ROOT / file)
        ):
            gone.append(f"{row}: {says['test']}")
    assert gone == []


def test_nothing_waits_for_what_is_done():
    assert [row for row, says in LEDGER.items() if says.get("waits") in DONE] == []
