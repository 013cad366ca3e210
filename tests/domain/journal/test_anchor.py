"""What was written down at the second place shows a journal that was cut off or set back, though its own chain is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from tests.domain.together import at_once

from portaal.domain.accounts.verbs import add_client
from portaal.domain.journal import anchor, triggers
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.chain import faults
from portaal.domain.journal.models import FIRST_MAC, Event, Head
from portaal.web.management.commands.worker import clean_up


@pytest.fixture
def second_place(tmp_path: Path, settings: Any) -> Path:
    settings.JOURNAL_ANCHOR_FILE = tmp_path / "anchor"
    return settings.JOURNAL_ANCHOR_FILE


@pytest.fixture
def hours(db: None, second_place: Path) -> Path:
    """Four events, the end written down after each."""
    for surname in ("Een", "Twee", "Drie", "Vier"):
        add_client(by=SYSTEM, surname=surname)
        clean_up()
    return second_place


def set_back_to(seq: int) -> None:
    """An older state, put back with its head: the chain itself is whole."""
    triggers.drop(connection)
    Event.objects.filter(seq__gt=seq).delete()
    last = Event.objects.filter(seq=seq).first()
    Head.objects.update(seq=seq, mac=last.mac if last else FIRST_MAC)
    assert list(faults()) == []


def test_a_whole_journal_stands_beside_its_lines(hours: Path) -> None:
    assert [line.split()[0] for line in hours.read_text().splitlines()] == ["1", "2", "3", "4"]
    assert hours.stat().st_mode & 0o777 == 0o600
    call_command("journal", "verify")


@pytest.mark.parametrize("seq", [3, 1, 0])
def test_a_journal_that_was_set_back_is_found(
    hours: Path, seq: int, capsys: pytest.CaptureFixture[str]
) -> None:
    set_back_to(seq)
    with pytest.raises(CommandError):
        call_command("journal", "verify")
    said = capsys.readouterr().err.splitlines()
    assert [line.split(" since")[0] for line in said] == [
        f"event {gone}: gone" for gone in range(seq + 1, 5)
    ]


def test_another_history_after_a_set_back_is_found(hours: Path) -> None:
    set_back_to(2)
    for surname in ("Anders", "Ook anders"):
        add_client(by=SYSTEM, surname=surname)
    assert list(faults()) == []
    found = list(anchor.faults(hours.read_text().splitlines()))
    assert [line.split(" since")[0] for line in found] == ["event 3: changed", "event 4: changed"]


@pytest.mark.parametrize("line", ["", "x y z", "1 2", "\u0661 aa bb", "<html>"])
def test_a_line_that_is_none_of_ours_is_named(hours: Path, line: str) -> None:
    assert len(list(anchor.faults([*hours.read_text().splitlines(), line]))) == 1


def test_the_line_goes_by_mail_too(db: None, settings: Any, mailoutbox: list[Any]) -> None:
    settings.JOURNAL_ANCHOR_MAIL = "journaal@example.nl"
    add_client(by=SYSTEM, surname="Een")
    clean_up()
    [mail] = mailoutbox
    assert (mail.to, list(anchor.faults(mail.body.splitlines()))) == (["journaal@example.nl"], [])


def test_a_second_place_that_is_away_stops_nothing(
    db: None, settings: Any, tmp_path: Path, caplog: Any
) -> None:
    settings.JOURNAL_ANCHOR_FILE = tmp_path / "nowhere" / "anchor"
    clean_up()
    assert "could not be written down" in caplog.text


def test_two_very_first_events_at_once_are_both_recorded(committed_db: None) -> None:
    triggers.drop(connection)
    Event.objects.all().delete()
    Head.objects.all().delete()
    made = at_once(
        *(lambda name=name: add_client(by=SYSTEM, surname=name) for name in ("Een", "Twee", "Drie"))
    )
    assert [type(one).__name__ for one in made] == ["Client"] * 3
    assert (Event.objects.count(), list(faults())) == (3, [])
