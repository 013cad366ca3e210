"""Commands on the server block a login at once, and unblock it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from tests.faces.matrix import browser_of
from tests.people import PASSWORD, Cast
from tests.snapshot import restore_cast

from portaal.domain.identity import verbs
from portaal.domain.identity.models import LinkRequest, PasswordLink, Session, User
from portaal.domain.journal.actors import ANONYMOUS, SYSTEM
from portaal.domain.journal.models import Event

HOMES = {"marieke": "/kantoor/", "ina": "/kantoor/", "sanne": "/"}


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def run(*words: str) -> str:
    output = StringIO()
    call_command(*words, stdout=output)
    return output.getvalue().strip()


def token_of(user: User) -> str:
    issued = verbs.issue_password_link(LinkRequest.objects.create(email=user.email), by=SYSTEM)
    assert issued
    return issued[2]


@pytest.mark.parametrize("name", HOMES)
def test_command_ends_a_session_from_its_next_request_on(cast: Cast, name: str) -> None:
    user, home = cast.users[name], HOMES[name]
    browser = browser_of(user)
    assert "inloggen" not in browser.get(home, follow=True).request["PATH_INFO"]
    run("block", user.email)
    assert "inloggen" in browser.get(home, follow=True).request["PATH_INFO"]
    assert not Session.objects.filter(user=user).exists()


def test_command_ends_unused_links_and_refuses_new_ones(cast: Cast) -> None:
    marieke = cast.users["marieke"]
    token = token_of(marieke)
    run("block", marieke.email)
    with pytest.raises(PermissionDenied):
        verbs.set_password(token, "Lindebloesem7", by=ANONYMOUS)
    request = LinkRequest.objects.create(email=marieke.email)
    assert verbs.issue_password_link(request, by=SYSTEM) is None
    assert not PasswordLink.objects.exists()


def test_command_stops_the_password(cast: Cast) -> None:
    run("block", cast.users["marieke"].email)
    with pytest.raises(ValidationError):
        verbs.log_in(
            by=ANONYMOUS, email=cast.users["marieke"].email, password=PASSWORD, face="office"
        )


def test_command_answers_in_one_sentence_each_time(cast: Cast) -> None:
    assert run("block", " MARIEKE@kantoor.example.nl") == (
        "marieke@kantoor.example.nl is blocked. Its sessions and unused password links have ended."
    )
    assert run("block", "marieke@kantoor.example.nl") == (
        "marieke@kantoor.example.nl was blocked already."
    )
    assert run("unblock", "marieke@kantoor.example.nl") == (
        "marieke@kantoor.example.nl can log in again, with the password that it had."
    )
    assert run("unblock", "marieke@kantoor.example.nl") == (
        "marieke@kantoor.example.nl was not blocked."
    )


def test_command_records_an_event_of_the_portal(cast: Cast) -> None:
    marieke = cast.users["marieke"]
    run("block", marieke.email)
    event = Event.objects.latest("seq")
    assert (event.verb, event.actor_kind) == ("identity.block", "system")
    assert event.object_id == str(marieke.pk)
    run("unblock", marieke.email)
    assert Event.objects.latest("seq").verb == "identity.unblock"


def test_unblocked_login_comes_in_with_its_password(cast: Cast) -> None:
    marieke = cast.users["marieke"]
    run("block", marieke.email)
    run("unblock", marieke.email)
    user = verbs.log_in(by=ANONYMOUS, email=marieke.email, password=PASSWORD, face="office")
    assert user == marieke


@pytest.mark.parametrize("command", ["block", "unblock"])
def test_unknown_address_is_an_error(db: None, command: str) -> None:
    with pytest.raises(CommandError, match="no login with this e-mail address"):
        run(command, "nobody@example.nl")
