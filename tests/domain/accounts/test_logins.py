"""How a client comes in: invited, a link by e-mail, a password, and no further than the limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from tests.again import cast_again
from tests.domain.together import at_once
from tests.people import PASSWORD, Cast

from portaal.domain.accounts import verbs
from portaal.domain.accounts.limits import RateLimited, hit, network_of
from portaal.domain.accounts.models import (
    Client,
    LinkRequest,
    PasswordLink,
    RateCounter,
    Session,
    User,
)
from portaal.domain.journal.actors import ANONYMOUS, SYSTEM
from portaal.domain.journal.models import Event, SecurityEvent

NEW = "Appelboom9 in bloei"
SECOND = timedelta(seconds=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_again()


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-11-23T09:00:00+00:00", tick=False) as travelled:
        yield travelled


def token_of(user: User) -> str:
    issued = verbs.issue_password_link(LinkRequest.objects.create(email=user.email), by=SYSTEM)
    assert issued
    return issued[2]


def set_password(token: str, password: str = NEW) -> User:
    return verbs.set_password(token, password, by=ANONYMOUS)


def dead(token: str) -> bool:
    try:
        set_password(token)
    except PermissionDenied:
        return True
    return False


def log_in(
    email: str, password: str = PASSWORD, *, face: str = "client", network: str = ""
) -> User:
    return verbs.log_in(by=ANONYMOUS, email=email, password=password, face=face, network=network)


def newcomer(cast: Cast) -> User:
    client = verbs.add_client(by=cast.users["marieke"], surname="Nieuw", email="nieuw@example.nl")
    return verbs.add_login(client, by=cast.users["marieke"]).user


# The link


def test_an_invited_client_sets_a_password_and_logs_in(cast: Cast) -> None:
    user = newcomer(cast)
    verbs.invite(user.memberships.get(), by=cast.users["marieke"])
    request = verbs.request_password_link(by=ANONYMOUS, email=" NIEUW@Example.nl ")
    assert request
    issued = verbs.issue_password_link(request, by=SYSTEM)
    assert issued and issued[0] == user
    set_password(issued[2])
    assert log_in("Nieuw@example.nl", NEW) == user


def test_an_invitation_alone_lets_nobody_in(cast: Cast) -> None:
    user = newcomer(cast)
    verbs.invite(user.memberships.get(), by=cast.users["marieke"])
    assert PasswordLink.objects.count() == 0
    for password in ("", "!", PASSWORD):
        with pytest.raises(ValidationError):
            log_in(user.email, password)


def test_a_link_works_once(cast: Cast) -> None:
    token = token_of(cast.users["sanne"])
    assert (dead(token), dead(token)) == (False, True)


def test_a_password_that_will_not_do_leaves_the_link_alive(cast: Cast) -> None:
    token = token_of(cast.users["sanne"])
    with pytest.raises(ValidationError):
        set_password(token, "kort")
    assert dead(token) is False


def test_a_token_is_kept_as_a_hash_alone(cast: Cast) -> None:
    token = token_of(cast.users["sanne"])
    assert [value for value in PasswordLink.objects.values_list()[0] if value == token] == []


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "a" * 10_000])
def test_a_token_of_nobody_is_refused(cast: Cast, token: str) -> None:
    token_of(cast.users["sanne"])
    assert dead(token) is True


@pytest.mark.parametrize(
    ("new", "lives"), [(True, timedelta(hours=24)), (False, timedelta(minutes=60))]
)
def test_a_link_expires(
    cast: Cast, clock: time_machine.Coordinates, new: bool, lives: timedelta
) -> None:
    user = newcomer(cast) if new else cast.users["sanne"]
    token = token_of(user)
    clock.shift(lives - SECOND)
    before = PasswordLink.objects.known_by(token)
    clock.shift(SECOND)
    assert (before is not None, dead(token)) == (True, True)


def test_a_link_dies_when_the_address_changes(cast: Cast) -> None:
    token = token_of(cast.users["sanne"])
    User.objects.filter(pk=cast.users["sanne"].pk).update(
        email="s@example.nl", email_key="s@example.nl"
    )
    assert dead(token) is True


def test_a_link_and_a_session_die_when_the_login_is_blocked(cast: Cast) -> None:
    user = cast.users["sanne"]
    token = token_of(user)
    Session.objects.create(key_hash="a", face="client", user=user)
    verbs.block(user, by=cast.users["ina"])
    verbs.unblock(user, by=cast.users["ina"])
    assert (dead(token), Session.objects.count()) == (True, 0)


def test_setting_a_password_ends_every_other_link_and_session_of_that_login_alone(
    cast: Cast,
) -> None:
    sanne, emre = cast.users["sanne"], cast.users["emre"]
    used, other, of_emre = token_of(sanne), token_of(sanne), token_of(emre)
    for key, user in (("a", sanne), ("b", sanne), ("c", emre)):
        Session.objects.create(key_hash=key, face="client", user=user)
    set_password(used)
    assert list(Session.objects.values_list("key_hash", flat=True)) == ["c"]
    assert (dead(other), dead(of_emre)) == (True, False)


def test_blocking_twice_records_once_however_old_the_object(cast: Cast) -> None:
    sanne, ina = cast.users["sanne"], cast.users["ina"]
    stale = User.objects.get(pk=sanne.pk)
    for act in (verbs.block, verbs.unblock):
        act(sanne, by=ina)
        assert (act(stale, by=ina).deactivated_at is None) == (act is verbs.unblock)
        assert Event.objects.filter(verb=f"accounts.{act.__name__}").count() == 1


def test_at_most_three_links_live_and_the_oldest_goes(
    cast: Cast, clock: time_machine.Coordinates
) -> None:
    tokens = []
    for _ in range(4):
        tokens.append(token_of(cast.users["sanne"]))
        clock.shift(SECOND)
    assert [PasswordLink.objects.known_by(token) is not None for token in tokens] == [
        False,
        True,
        True,
        True,
    ]


def test_nobody_and_the_blocked_get_no_link(cast: Cast) -> None:
    verbs.block(cast.users["sanne"], by=cast.users["ina"])
    issued = [
        verbs.issue_password_link(LinkRequest.objects.create(email=email), by=SYSTEM)
        for email in ("nobody@example.nl", "sanne@example.nl", "")
    ]
    assert (issued, PasswordLink.objects.count()) == ([None] * 3, 0)


def test_a_client_whose_membership_ended_gets_no_link(cast: Cast) -> None:
    cast.users["sanne"].memberships.update(ended_at=timezone.now())
    assert (
        verbs.issue_password_link(LinkRequest.objects.create(email="sanne@example.nl"), by=SYSTEM)
        is None
    )


def test_a_link_used_since_it_was_looked_up_is_refused(cast: Cast, monkeypatch: Any) -> None:
    """What two at once come down to, on a database that lets them wait for each other."""
    token = token_of(cast.users["sanne"])
    seen = PasswordLink.objects.known_by(token)
    set_password(token)
    monkeypatch.setattr(type(PasswordLink.objects), "known_by", lambda self, token: seen)
    assert dead(token)


def test_a_login_sees_the_clients_that_it_comes_for_today(cast: Cast) -> None:
    sanne = cast.users["sanne"]
    assert list(Client.objects.visible_to(sanne)) == [cast.clients["sanne"]]
    sanne.memberships.update(ended_at=timezone.now())
    assert list(Client.objects.visible_to(sanne)) == []


def test_asking_for_a_link_looks_the_same_for_everyone_and_stops_after_three(cast: Cast) -> None:
    for email in ("sanne@example.nl", "nobody@example.nl"):
        asked = [
            verbs.request_password_link(by=ANONYMOUS, email=email) is not None for _ in range(4)
        ]
        assert asked == [True, True, True, False]


def test_two_at_once_cannot_both_use_one_link(committed_cast: Cast) -> None:
    token = token_of(committed_cast.users["sanne"])
    got = at_once(lambda: set_password(token, NEW), lambda: set_password(token, NEW + " twee"))
    assert sorted(type(one).__name__ for one in got) == ["PermissionDenied", "User"]


def test_two_links_of_one_login_at_once_set_one_password(committed_cast: Cast) -> None:
    one, other = (token_of(committed_cast.users["sanne"]) for _ in range(2))
    got = at_once(lambda: set_password(one), lambda: set_password(other))
    assert sorted(type(one).__name__ for one in got) == ["PermissionDenied", "User"]


# Logging in


def test_unknown_blocked_wrong_and_the_wrong_face_are_told_the_same(cast: Cast) -> None:
    verbs.block(cast.users["emre"], by=cast.users["ina"])
    newcomer(cast)
    said = set()
    for email, password, face in (
        ("nobody@example.nl", PASSWORD, "client"),
        ("emre@example.nl", PASSWORD, "client"),
        ("sanne@example.nl", "Verkeerd8", "client"),
        ("sanne@example.nl", PASSWORD, "office"),
        ("marieke@kantoor.example.nl", PASSWORD, "client"),
        ("nieuw@example.nl", PASSWORD, "client"),
        ("sanne@example.nl", "x" * 129, "client"),
    ):
        with pytest.raises(ValidationError) as refused:
            log_in(email, password, face=face)
        said.add(tuple(refused.value.messages))
    assert len(said) == 1


def test_logging_in_is_recorded_and_a_failure_noted(cast: Cast) -> None:
    log_in("sanne@example.nl")
    with pytest.raises(ValidationError):
        log_in("sanne@example.nl", "Verkeerd8", network="192.0.2.0/24")
    assert (Event.objects.order_by("-seq")[0].verb, SecurityEvent.objects.get().network) == (
        "accounts.log_in",
        "192.0.2.0/24",
    )


def test_the_sixth_try_in_five_minutes_is_refused_password_right_or_not(
    cast: Cast, clock: time_machine.Coordinates
) -> None:
    for _ in range(5):
        with pytest.raises(ValidationError):
            log_in("sanne@example.nl", "Verkeerd8")
    for password in ("Verkeerd8", PASSWORD):
        with pytest.raises(RateLimited):
            log_in(" SANNE@example.nl", password)
    clock.shift(timedelta(minutes=5))
    assert log_in("sanne@example.nl") == cast.users["sanne"]


def test_others_are_not_held_up_by_one_who_tries(
    cast: Cast, clock: time_machine.Coordinates
) -> None:
    for _ in range(5):
        with pytest.raises(ValidationError):
            log_in("sanne@example.nl", "Verkeerd8")
    assert log_in("emre@example.nl") == cast.users["emre"]


def test_a_network_that_tries_many_addresses_is_stopped(
    cast: Cast, clock: time_machine.Coordinates
) -> None:
    for number in range(20):
        with pytest.raises(ValidationError):
            log_in(f"n{number}@example.nl", network="192.0.2.0/24")
    with pytest.raises(RateLimited):
        log_in("sanne@example.nl", network="192.0.2.0/24")


def test_a_right_password_clears_the_count(cast: Cast, clock: time_machine.Coordinates) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(ValidationError):
                log_in("sanne@example.nl", "Verkeerd8")
        log_in("sanne@example.nl")


def test_the_count_outlives_the_failed_try(
    committed_cast: Cast, clock: time_machine.Coordinates
) -> None:
    for _ in range(3):
        with pytest.raises(ValidationError):
            log_in("sanne@example.nl", "Verkeerd8")
    assert set(RateCounter.objects.values_list("count", flat=True)) == {3}


def test_tries_at_once_are_all_counted(committed_db: None, clock: time_machine.Coordinates) -> None:
    got = at_once(*[lambda: hit("login", key="sanne@example.nl")] * 6)
    let_through = [one for one in got if one is None]
    assert (len(let_through) <= 5, set(RateCounter.objects.values_list("count", flat=True))) == (
        True,
        {6},
    )


def test_an_over_long_password_never_reaches_the_hasher(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(verbs, "check_password", lambda *_: pytest.fail("hashed"))
    monkeypatch.setattr(verbs, "make_password", lambda *_: pytest.fail("hashed"))
    with pytest.raises(ValidationError):
        log_in("sanne@example.nl", "K8" * 65)
    with pytest.raises(ValidationError):
        set_password(token_of(cast.users["sanne"]), "K8" * 65)


def test_an_address_is_counted_by_its_network() -> None:
    assert {
        address: network_of(address)
        for address in ("192.0.2.77", "2001:db8:1:2:3::4", "::ffff:192.0.2.1", "x", "")
    } == {
        "192.0.2.77": "192.0.2.0/24",
        "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
        "::ffff:192.0.2.1": "192.0.2.0/24",
        "x": "",
        "": "",
    }


# Clients and logins


def test_a_client_without_an_address_gets_no_login(cast: Cast) -> None:
    client = verbs.add_client(by=cast.users["marieke"], surname="Post")
    with pytest.raises(ValidationError, match="no e-mail address"):
        verbs.add_login(client, by=cast.users["marieke"])


def test_an_address_of_the_office_makes_no_client_login(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="someone at the office"):
        verbs.add_login(
            cast.clients["olga"], by=cast.users["ina"], email="Marieke@kantoor.example.nl"
        )


def test_one_login_may_come_for_two_clients(cast: Cast) -> None:
    by = cast.users["marieke"]
    membership = verbs.add_login(cast.clients["olga"], by=by, email="SANNE@example.nl")
    again = verbs.add_login(cast.clients["olga"], by=by, email="sanne@example.nl")
    assert (membership.user, again) == (cast.users["sanne"], membership)


@pytest.mark.parametrize(
    "facts",
    [{}, {"kind": "company"}, {"kind": "company", "surname": "Jansen"}, {"company_name": "Anker"}],
)
def test_a_client_has_a_name(cast: Cast, facts: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        verbs.add_client(by=cast.users["marieke"], **facts)


def test_who_may_not_is_refused(cast: Cast) -> None:
    sanne, emre = cast.users["sanne"], cast.users["emre"]
    for act in (
        lambda: verbs.add_client(by=sanne, surname="X"),
        lambda: verbs.add_login(cast.clients["sanne"], by=sanne, email="x@example.nl"),
        lambda: verbs.invite(sanne.memberships.get(), by=sanne),
        lambda: verbs.add_staff(
            by=cast.users["marieke"], role="manager", email="x@example.nl", surname="X"
        ),
        lambda: verbs.block(emre, by=sanne),
        lambda: verbs.block(emre, by=cast.users["marieke"]),
        lambda: verbs.block(cast.users["marieke"], by=cast.users["ina"]),
        lambda: verbs.choose_language(emre, by=sanne, language="en"),
    ):
        with pytest.raises(PermissionDenied):
            act()
