"""Rate limit of a client's login, in an hour and in a day; the office has none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation
from tests.faces.test_plans import scanned
from tests.people import Cast
from tests.queries import statements

from portaal.domain.messaging.models import Message
from portaal.domain.messaging.validators import clean_message
from portaal.domain.messaging.verbs import reply, send


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(
        datetime(2026, 11, 25, 13, 0, 30, tzinfo=UTC), tick=False
    ) as travelled:
        yield travelled


@pytest.fixture(autouse=True)
def low_limits(settings: Any) -> None:
    settings.MESSAGES_HOUR, settings.MESSAGES_DAY = 3, 5


def ask(cast: Cast, name: str = "sanne", submission: UUID | None = None) -> Message:
    return send(
        cast.dossiers["purchase"],
        by=cast.users[name],
        subject="Vraag",
        body="Beste,",
        submission=submission,
    )


def refused(cast: Cast, name: str = "sanne", language: str = "nl") -> list[str]:
    with translation.override(language), pytest.raises(ValidationError) as error:
        ask(cast, name)
    return list(error.value.messages)


def test_message_over_hourly_limit_is_refused_with_next_moment(
    clock: time_machine.Coordinates, cast: Cast
) -> None:
    for _ in range(3):
        ask(cast)
        clock.shift(timedelta(minutes=10))
    nl = (
        "U hebt in korte tijd veel berichten verstuurd. "
        "Dit bericht kunt u versturen vanaf woensdag 15.01 uur."
    )
    en = "You have sent many messages in a short while. You can send this one from Wednesday 15:01."
    assert refused(cast) == [nl]
    assert refused(cast, language="en") == [en]
    assert Message.objects.count() == 3
    clock.shift(timedelta(minutes=30))  # the first message is an hour old now
    ask(cast)
    assert refused(cast)


def test_message_over_daily_limit_is_refused_until_next_day(
    clock: time_machine.Coordinates, cast: Cast
) -> None:
    for _ in range(5):
        ask(cast)
        clock.shift(timedelta(hours=1))
    assert "donderdag 14.01 uur" in refused(cast)[0]
    clock.shift(timedelta(hours=19))
    ask(cast)


def test_replies_count_towards_limit(clock: time_machine.Coordinates, cast: Cast) -> None:
    by, party = cast.users["marieke"], cast.parties["sanne"]
    question = send(party.dossier, by=by, subject="Vraag", body="Komt het uit?", parties=[party])
    for _ in range(3):
        reply(question, by=cast.users["sanne"], subject="RE", body="Ja.")
    assert refused(cast)


def test_limit_is_per_client_login_and_office_has_none(
    clock: time_machine.Coordinates, cast: Cast
) -> None:
    for _ in range(3):
        ask(cast)
    ask(cast, "emre")
    by, parties = cast.users["marieke"], [cast.parties["sanne"], cast.parties["emre"]]
    for _ in range(6):
        send(cast.dossiers["purchase"], by=by, subject="Vraag", body="Beste,", parties=parties)
    assert refused(cast)


def test_repeated_submission_at_limit_returns_first_result(
    clock: time_machine.Coordinates, cast: Cast
) -> None:
    submission = uuid4()
    sent = [ask(cast), ask(cast), ask(cast, submission=submission)]
    assert ask(cast, submission=submission) == sent[-1]


def test_limit_is_checked_with_one_indexed_query(cast: Cast) -> None:
    ask(cast)
    with statements() as queries:
        clean_message("Vraag", "Beste,", by=cast.users["sanne"], from_office=False, file_count=0)
    assert [scanned(*query) for query in queries] == [set()]
