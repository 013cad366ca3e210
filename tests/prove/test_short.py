"""The short form of `make prove`: its scenarios once, small. The portal is the real one; nothing is timed."""

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
    is_postgresql, reason="the database's own calls are another process's"
)


def test_what_was_acknowledged_survives_kill_9():
    assert "0 lost, 0 doubled, 0 half" in kills.prove(kills=4, workers=4, lane_count=2)


@needs_sqlite
def test_what_was_acknowledged_survives_a_power_cut():
    if reason := power.why_not():
        pytest.skip(reason)
    acts, faults = power.cut(1)
    assert (any(act["told"] for act in acts), faults) == (True, [])


@needs_strace
@needs_sqlite
def test_a_publication_that_dies_on_the_way_is_done_once_when_it_is_asked_again():
    assert points.prove(calls=["rename"], acts=["publish_once"]).startswith("1 points")


@needs_strace
@needs_sqlite
def test_a_file_by_pieces_that_dies_on_the_way_goes_on_when_it_is_sent_again():
    assert points.prove(calls=["rename"], acts=["upload_once"]).startswith("3 points")


@needs_strace
@needs_sqlite
def test_a_message_that_dies_on_the_way_is_sent_once_when_it_is_asked_again():
    assert points.prove(calls=["rename"], acts=["send_once"]).startswith("2 points")


@needs_strace
@needs_sqlite
def test_a_disk_that_fails_is_owned_up_to():
    assert io_errors.prove(calls=[], errors=["EIO"], served=["fsync"]).startswith(
        "1 pages that say so"
    )


def test_a_database_that_is_locked_for_a_moment_costs_nothing():
    assert "0 lost, 0 doubled, 0 half" in locked.prove(seconds=2, lane_count=2)


def test_a_mail_leaves_when_the_mail_server_is_back():
    assert mail.prove(modes=["is away", "refuses", "drops before its answer"]).startswith("3 ways")


def test_a_mail_is_sent_when_the_worker_dies_in_the_middle():
    assert workers.prove(ways=["dies", "stands still"]).startswith("2 ways")


def test_what_the_scanner_has_not_seen_nobody_opens():
    assert scanner.prove(modes=["is away", "hangs", "breaks off"]).startswith("3 ways to fail")


@needs_sqlite
def test_a_full_disk_is_said_and_loses_nothing():
    if reason := power.why_not():
        pytest.skip(reason)
    assert full.prove(rounds=1).startswith("2 times full; ")
