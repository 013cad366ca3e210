"""Refusals: each is a row and a line in the log, and a flood of them adds few of both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db.models import Sum
from tests.clock import travel
from tests.faces.matrix import NOWHERE, browser_of
from tests.log_lines import LogLines, log_lines
from tests.people import Cast
from tests.snapshot import restore_cast

from portaal.domain.files.events import FILE_QUARANTINED
from portaal.domain.identity import hashing, verbs
from portaal.domain.identity.events import LOGIN_REFUSED, TOO_MANY_LOGINS
from portaal.domain.identity.models import LinkRequest
from portaal.domain.journal.actors import ANONYMOUS, SYSTEM
from portaal.domain.journal.models import Event, SecurityEvent
from portaal.domain.journal.security import (
    HOUR,
    KIND_ROWS_MAX,
    ROWS_MAX,
    record_security_event,
)
from portaal.domain.throttle.limits import RateLimited
from portaal.domain.throttle.models import RateCounter

HERE, THERE = "192.0.2.0/24", "198.51.100.0/24"
MANY = 300


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with travel("2026-11-23T09:00:00+00:00", tick=False) as travelled:
        yield travelled


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


@pytest.fixture
def lines() -> Iterator[LogLines]:
    with log_lines() as captured:
        yield captured


def refuse(network: str = HERE, times: int = 1) -> None:
    for _time in range(times):
        record_security_event(LOGIN_REFUSED, by=ANONYMOUS, network=network, face="client")


def test_security_event_is_not_part_of_the_chain(db: None) -> None:
    refuse()
    assert SecurityEvent.objects.get().network == HERE
    assert not Event.objects.exists()


def test_flood_from_one_network_adds_few_rows(db: None) -> None:
    refuse(times=MANY)
    assert SecurityEvent.objects.count() == ROWS_MAX
    assert SecurityEvent.objects.aggregate(Sum("times"))["times__sum"] == MANY
    assert SecurityEvent.objects.exclude(last_at=None).get().times == MANY - ROWS_MAX + 1


def test_flood_from_one_network_adds_few_lines(db: None, lines: LogLines) -> None:
    refuse(times=MANY)
    times = [line.get("times", 1) for line in lines.of("portaal.security")]
    assert times == [1] * ROWS_MAX + [2, 4, 8, 16, 32, 64, 128, 256]


def test_flood_does_not_hide_another_network(db: None) -> None:
    refuse(times=MANY)
    refuse(THERE)
    assert SecurityEvent.objects.get(network=THERE).times == 1


def test_flood_from_many_networks_adds_few_rows(db: None) -> None:
    for number in range(MANY):
        refuse(f"10.0.{number}.0/24")
    assert SecurityEvent.objects.count() == KIND_ROWS_MAX
    assert SecurityEvent.objects.aggregate(Sum("times"))["times__sum"] == MANY


def test_flood_of_one_kind_does_not_hide_another(db: None) -> None:
    for number in range(MANY):
        refuse(f"10.0.{number}.0/24")
    record_security_event(TOO_MANY_LOGINS, by=ANONYMOUS, network=HERE)
    assert SecurityEvent.objects.get(kind=TOO_MANY_LOGINS.name).times == 1


def test_next_hour_has_rows_again(db: None, clock: time_machine.Coordinates) -> None:
    refuse(times=ROWS_MAX + 1)
    clock.shift(HOUR)
    refuse()
    assert SecurityEvent.objects.count() == ROWS_MAX + 1
    assert SecurityEvent.objects.latest("at").times == 1


def test_events_of_the_worker_have_a_row_each(db: None) -> None:
    for number in range(ROWS_MAX + 5):
        record_security_event(FILE_QUARANTINED, by=SYSTEM, file=str(number), reason="found")
    assert SecurityEvent.objects.count() == ROWS_MAX + 5


# Tables that strangers fill


def test_flood_of_logins_adds_few_rows(
    cast: Cast, clock: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch, lines: LogLines
) -> None:
    monkeypatch.setattr(hashing, "check_password", lambda *_: False)
    for number in range(MANY):
        with suppress(ValidationError, RateLimited):
            verbs.log_in(
                by=ANONYMOUS,
                email=f"n{number}@example.nl",
                password="x",
                face="client",
                network=HERE,
            )
    assert SecurityEvent.objects.count() == 2 * ROWS_MAX
    assert RateCounter.objects.count() == 2 + 3 * 20  # of the network; of each address let through
    assert len(lines.text) < 60


def test_flood_of_link_requests_adds_few_rows(
    cast: Cast, clock: time_machine.Coordinates, lines: LogLines
) -> None:
    before = Event.objects.count()
    for number in range(MANY):
        verbs.request_password_link(by=ANONYMOUS, email=f"n{number}@example.nl", network=HERE)
    assert LinkRequest.objects.count() == 20
    assert Event.objects.count() - before == 20
    assert SecurityEvent.objects.count() == ROWS_MAX
    assert RateCounter.objects.count() == 1 + 2 * 20 + 1
    assert len(lines.text) < 40


def test_address_that_is_tried_uses_up_nothing_of_everybody(cast: Cast) -> None:
    for number in range(MANY):
        verbs.request_password_link(
            by=ANONYMOUS, email="sanne@example.nl", network=f"10.0.{number}.0/24"
        )
    assert LinkRequest.objects.count() == 3
    assert verbs.request_password_link(by=ANONYMOUS, email="emre@example.nl", network=HERE)


# Ids that are tried


@pytest.mark.parametrize("owner", ["emre", "secret"])
def test_foreign_id_leaves_a_trace_with_login_and_network(cast: Cast, owner: str) -> None:
    foreign = cast.publications[owner].pk
    browser_of(cast.users["sanne"]).get(f"/publicaties/{foreign}/bestand/")
    event = SecurityEvent.objects.get()
    assert event.kind == "faces.not_found"
    assert event.actor == cast.users["sanne"]
    assert event.network == "127.0.0.0/24"
    assert event.details == {"path": "client:download", "object": str(foreign)}


def test_series_of_ids_is_counted(cast: Cast) -> None:
    browser = browser_of(cast.users["sanne"])
    for _number in range(ROWS_MAX + 10):
        browser.get(f"/publicaties/{NOWHERE}/bestand/")
    assert SecurityEvent.objects.count() == ROWS_MAX
    assert SecurityEvent.objects.exclude(last_at=None).get().times == 11


@pytest.mark.parametrize("path", ["/nergens/", f"/wachtwoord/{NOWHERE}/"])
def test_address_without_an_id_leaves_no_trace(cast: Cast, path: str) -> None:
    browser_of(cast.users["sanne"]).get(path)
    assert not SecurityEvent.objects.exists()


def test_stranger_who_tries_ids_leaves_the_line_of_the_request_only(cast: Cast) -> None:
    browser_of(None).get(f"/publicaties/{NOWHERE}/bestand/")
    assert not SecurityEvent.objects.exists()
