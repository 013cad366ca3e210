"""The worker's command repeats its work until it is told to stop."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError

from portaal.domain.jobs.management.commands import worker


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def test_work_is_repeated_until_the_stop(stop: threading.Event) -> None:
    rounds: list[int] = []

    def work() -> int:
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()
        return 0

    worker.repeat(work, 0, stop)
    assert len(rounds) == 3


def test_defect_stops_every_thread(stop: threading.Event) -> None:
    def work() -> int:
        raise ValueError

    with pytest.raises(ValueError):
        worker.repeat(work, 0, stop)
    assert stop.is_set()


def test_worker_waits_for_a_database_that_is_down(
    stop: threading.Event, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    closed: list[int] = []
    monkeypatch.setattr(worker, "DATABASE_SECONDS", 0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: closed.append(1))
    rounds: list[int] = []

    def work() -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise OperationalError("the database is down")
        stop.set()
        return 0

    worker.repeat(work, 0, stop)
    assert len(rounds) == 2
    assert len(closed) == 1
    assert "waits for the database: OperationalError: the database is down" in caplog.text
