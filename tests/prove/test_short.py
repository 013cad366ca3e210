"""The scenarios of `make prove`, once and small, with the real portal and without timing."""

from __future__ import annotations

import os
import shutil

import pytest
from tests.prove import full, io_errors, kills, locked, mail, points, power, scanner, workers

pytestmark = pytest.mark.slow
is_postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
needs_strace = pytest.mark.skipif(
    not shutil.which("strace"), reason="no strace: make prove installs it"
)
needs_sqlite = pytest.mark.skipif(
    is_postgresql, reason="the system calls of the database are in another process"
)


def test_acknowledged_acts_survive_kill_9():
    assert "0 lost, 0 doubled, 0 half" in kills.prove(kills=4, workers=4, lane_count=2)


@needs_sqlite
def test_acknowledged_acts_survive_power_cut():
    if reason := power.unavailable_reason():
        pytest.skip(reason)
    acts, faults = power.cut(1)
    assert any(act["acknowledged"] for act in acts)
    assert faults == []


@needs_strace
@needs_sqlite
def test_killed_publication_is_done_once_after_repeat():
    assert points.prove(calls=["rename"], acts=["publish_once"]).startswith("1 points")


@needs_strace
@needs_sqlite
def test_killed_upload_resumes_after_repeat():
    assert points.prove(calls=["rename"], acts=["upload_once"]).startswith("3 points")


@needs_strace
@needs_sqlite
def test_killed_message_is_sent_once_after_repeat():
    assert points.prove(calls=["rename"], acts=["send_once"]).startswith("2 points")


@needs_strace
@needs_sqlite
def test_failing_disk_gives_error_page():
    assert io_errors.prove(calls=[], errors=["EIO"], served=["fsync"]).startswith("1 error pages")


def test_briefly_locked_database_loses_nothing():
    assert "0 lost, 0 doubled, 0 half" in locked.prove(seconds=2, lane_count=2)


def test_email_is_sent_when_mail_server_is_back():
    assert mail.prove(modes=["is away", "refuses", "drops before its answer"]).startswith("3 ways")


def test_email_is_sent_after_worker_dies():
    assert workers.prove(ways=["dies", "stands still"]).startswith("2 ways")


def test_unscanned_file_cannot_be_opened():
    assert scanner.prove(modes=["is away", "hangs", "breaks off"]).startswith("3 ways to fail")


@needs_sqlite
def test_full_disk_is_reported_and_loses_nothing():
    if reason := power.unavailable_reason():
        pytest.skip(reason)
    assert full.prove(rounds=1).startswith("2 times full; ")
