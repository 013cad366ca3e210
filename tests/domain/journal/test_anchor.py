"""Anchor lines show that a journal was truncated or restored, even if its chain is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from tests import triggers
from tests.domain.together import at_once

from portaal.domain.clients.verbs import add_client
from portaal.domain.jobs import periodic
from portaal.domain.journal import anchor
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.chain import find_breaks
from portaal.domain.journal.models import FIRST_MAC, Event, Head
from portaal.domain.journal.tasks import send_anchor, write_anchor


@pytest.fixture
def anchor_file(tmp_path: Path, settings: Any) -> Path:
    settings.JOURNAL_ANCHOR_FILE = tmp_path / "anchor"
    return settings.JOURNAL_ANCHOR_FILE


@pytest.fixture
def four_hours(db: None, anchor_file: Path) -> Path:
    """Record four events, with an anchor line after each."""
    for surname in ("Een", "Twee", "Drie", "Vier"):
        add_client(by=SYSTEM, surname=surname)
        write_anchor()
    return anchor_file


def restore_to(seq: int) -> None:
    """Restore an older state including the head, so that the chain itself is whole."""
    triggers.drop(connection)
    Event.objects.filter(seq__gt=seq).delete()
    last = Event.objects.filter(seq=seq).first()
    Head.objects.update(seq=seq, mac=last.mac if last else FIRST_MAC)
    assert list(find_breaks()) == []


def test_whole_journal_matches_its_anchor_lines(four_hours: Path) -> None:
    assert [line.split()[0] for line in four_hours.read_text().splitlines()] == ["1", "2", "3", "4"]
    assert four_hours.stat().st_mode & 0o777 == 0o600
    call_command("journal", "verify")


@pytest.mark.parametrize("seq", [3, 1, 0])
def test_command_names_events_missing_after_a_restore(
    four_hours: Path, seq: int, capsys: pytest.CaptureFixture[str]
) -> None:
    restore_to(seq)
    with pytest.raises(CommandError):
        call_command("journal", "verify")
    problems = capsys.readouterr().err.splitlines()
    assert [problem.split(" since")[0] for problem in problems] == [
        f"event {gone}: gone" for gone in range(seq + 1, 5)
    ]


def test_events_recorded_after_a_restore_are_reported_as_changed(four_hours: Path) -> None:
    restore_to(2)
    for surname in ("Anders", "Ook anders"):
        add_client(by=SYSTEM, surname=surname)
    assert list(find_breaks()) == []
    problems = list(anchor.find_breaks(four_hours.read_text().splitlines()))
    assert [problem.split(" since")[0] for problem in problems] == [
        "event 3: changed",
        "event 4: changed",
    ]


@pytest.mark.parametrize("line", ["", "x y z", "1 2", "\u0661 aa bb", "<html>"])
def test_malformed_anchor_line_is_reported(four_hours: Path, line: str) -> None:
    assert len(list(anchor.find_breaks([*four_hours.read_text().splitlines(), line]))) == 1


def test_anchor_line_is_mailed(db: None, settings: Any, mailoutbox: list[Any]) -> None:
    settings.JOURNAL_ANCHOR_MAIL = "journaal@example.nl"
    add_client(by=SYSTEM, surname="Een")
    send_anchor()
    [mail] = mailoutbox
    assert mail.to == ["journaal@example.nl"]
    assert list(anchor.find_breaks(mail.body.splitlines())) == []


def test_worker_goes_on_when_the_anchor_file_cannot_be_written(
    db: None, settings: Any, tmp_path: Path, caplog: Any
) -> None:
    settings.JOURNAL_ANCHOR_FILE = tmp_path / "nowhere" / "anchor"
    periodic.run_due()
    assert "journal.tasks.write_anchor failed" in caplog.text


def test_concurrent_first_events_are_all_recorded(committed_db: None) -> None:
    triggers.drop(connection)
    Event.objects.all().delete()
    Head.objects.all().delete()
    clients = at_once(
        *(lambda name=name: add_client(by=SYSTEM, surname=name) for name in ("Een", "Twee", "Drie"))
    )
    assert [type(client).__name__ for client in clients] == ["Client"] * 3
    assert Event.objects.count() == 3
    assert list(find_breaks()) == []
