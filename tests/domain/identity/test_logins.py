"""Invitations, password links, logging in and its rate limits, clients and logins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from tests.domain.together import at_once
from tests.people import PASSWORD, Cast
from tests.snapshot import restore_cast

from portaal.domain.clients import verbs as clients
from portaal.domain.clients.models import Client
from portaal.domain.identity import hashing
from portaal.domain.identity import verbs as identity
from portaal.domain.identity.models import LinkRequest, PasswordLink, Session, User
from portaal.domain.identity.permissions import may_end_session
from portaal.domain.journal.actors import ANONYMOUS, SYSTEM
from portaal.domain.journal.models import Event, SecurityEvent
from portaal.domain.throttle.limits import RateLimited, forgive, hit
from portaal.domain.throttle.models import RateCounter
from portaal.web.network import network_of

NEW = "Appelboom9 in bloei"
SECOND = timedelta(seconds=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-11-23T09:00:00+00:00", tick=False) as travelled:
        yield travelled


def token_of(user: User) -> str:
    issued = identity.issue_password_link(LinkRequest.objects.create(email=user.email), by=SYSTEM)
    assert issued
    return issued[2]


def set_password(token: str, password: str = NEW) -> User:
    return identity.set_password(token, password, by=ANONYMOUS)


def is_dead(token: str) -> bool:
    """Try to set a password with the token, which uses it up."""
    try:
        set_password(token)
    except PermissionDenied:
        return True
    return False


def log_in(
    email: str, password: str = PASSWORD, *, face: str = "client", network: str = ""
) -> User:
    return identity.log_in(by=ANONYMOUS, email=email, password=password, face=face, network=network)


def add_newcomer(cast: Cast) -> User:
    client = clients.add_client(by=cast.users["marieke"], surname="Nieuw", email="nieuw@example.nl")
    return clients.add_login(client, by=cast.users["marieke"]).user


# Invitations and password links


def test_invited_client_sets_a_password_and_logs_in(cast: Cast) -> None:
    user = add_newcomer(cast)
    clients.invite(user.memberships.get(), by=cast.users["marieke"])
    request = identity.request_password_link(by=ANONYMOUS, email=" NIEUW@Example.nl ")
    assert request
    issued = identity.issue_password_link(request, by=SYSTEM)
    assert issued and issued[0] == user
    set_password(issued[2])
    assert log_in("Nieuw@example.nl", NEW) == user


def test_invitation_alone_does_not_allow_a_login(cast: Cast) -> None:
    user = add_newcomer(cast)
    clients.invite(user.memberships.get(), by=cast.users["marieke"])
    assert PasswordLink.objects.count() == 0
    for password in ("", "!", PASSWORD):
        with pytest.raises(ValidationError):
            log_in(user.email, password)


def test_link_works_once(cast: Cast) -> None:
    token = token_of(cast.users["sanne"])
    assert not is_dead(token)
    assert is_dead(token)


def test_used_link_is_not_known(cast: Cast) -> None:
    token = token_of(cast.users["sanne"])
    assert PasswordLink.objects.known_by(token)
    set_password(token)
    assert PasswordLink.objects.known_by(token) is None


def test_link_of_a_blocked_login_is_not_known(cast: Cast) -> None:
    token = token_of(cast.users["sanne"])
    assert PasswordLink.objects.known_by(token)
    User.objects.filter(pk=cast.users["sanne"].pk).update(deactivated_at=timezone.now())
    assert PasswordLink.objects.known_by(token) is None


def test_blocked_login_of_the_office_gets_no_link(cast: Cast) -> None:
    joost = cast.users["joost"]
    assert token_of(joost)
    identity.block(joost, by=SYSTEM)
    request = LinkRequest.objects.create(email=joost.email)
    assert identity.issue_password_link(request, by=SYSTEM) is None


def test_link_survives_a_refused_password(cast: Cast) -> None:
    token = token_of(cast.users["sanne"])
    with pytest.raises(ValidationError):
        set_password(token, "kort")
    assert not is_dead(token)


def test_token_is_stored_as_a_hash_only(cast: Cast) -> None:
    token = token_of(cast.users["sanne"])
    assert token not in PasswordLink.objects.values_list()[0]


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "a" * 10_000])
def test_unknown_token_is_refused(cast: Cast, token: str) -> None:
    token_of(cast.users["sanne"])
    assert is_dead(token)


@pytest.mark.parametrize(
    ("is_new", "lifetime"), [(True, timedelta(hours=24)), (False, timedelta(minutes=60))]
)
def test_link_expires(
    cast: Cast, clock: time_machine.Coordinates, is_new: bool, lifetime: timedelta
) -> None:
    user = add_newcomer(cast) if is_new else cast.users["sanne"]
    token = token_of(user)
    clock.shift(lifetime - SECOND)
    assert PasswordLink.objects.known_by(token) is not None
    clock.shift(SECOND)
    assert is_dead(token)


def test_link_dies_when_the_address_changes(cast: Cast) -> None:
    token = token_of(cast.users["sanne"])
    User.objects.filter(pk=cast.users["sanne"].pk).update(
        email="s@example.nl", email_key="s@example.nl"
    )
    assert is_dead(token)


def test_blocking_a_login_ends_its_links_and_sessions(cast: Cast) -> None:
    user = cast.users["sanne"]
    token = token_of(user)
    Session.objects.create(key_hash="a", face="client", user=user)
    identity.block(user, by=cast.users["ina"])
    identity.unblock(user, by=cast.users["ina"])
    assert is_dead(token)
    assert not Session.objects.exists()


def test_setting_a_password_ends_other_links_and_sessions_of_that_login_only(
    cast: Cast,
) -> None:
    sanne, emre = cast.users["sanne"], cast.users["emre"]
    used, other, emre_token = token_of(sanne), token_of(sanne), token_of(emre)
    for key, user in (("a", sanne), ("b", sanne), ("c", emre)):
        Session.objects.create(key_hash=key, face="client", user=user)
    set_password(used)
    assert list(Session.objects.values_list("key_hash", flat=True)) == ["c"]
    assert is_dead(other)
    assert not is_dead(emre_token)


def test_second_block_of_a_stale_object_records_no_event(cast: Cast) -> None:
    sanne, ina = cast.users["sanne"], cast.users["ina"]
    stale = User.objects.get(pk=sanne.pk)
    for act in (identity.block, identity.unblock):
        act(sanne, by=ina)
        assert (act(stale, by=ina).deactivated_at is None) == (act is identity.unblock)
        assert Event.objects.filter(verb=f"identity.{act.__name__}").count() == 1


def test_fourth_link_ends_the_oldest(cast: Cast, clock: time_machine.Coordinates) -> None:
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


def test_links_of_one_login_do_not_end_those_of_another(cast: Cast) -> None:
    token = token_of(cast.users["sanne"])
    for _ in range(4):
        token_of(cast.users["emre"])
    assert PasswordLink.objects.known_by(token)


def test_blocking_a_login_leaves_the_sessions_and_links_of_others(cast: Cast) -> None:
    emre, token = cast.users["emre"], token_of(cast.users["emre"])
    Session.objects.create(key_hash="0" * 64, face="client", user=emre)
    identity.block(cast.users["sanne"], by=cast.users["ina"])
    assert Session.objects.filter(user=emre).exists()
    assert PasswordLink.objects.known_by(token)


def test_blocked_login_starts_no_session(cast: Cast) -> None:
    sanne = identity.block(cast.users["sanne"], by=cast.users["ina"])
    with pytest.raises(PermissionDenied):
        identity.record_login(sanne, by=sanne, face="client")


def test_visitor_ends_no_session(cast: Cast) -> None:
    assert not may_end_session(ANONYMOUS, Session(face="client"))


def test_unknown_and_blocked_addresses_get_no_link(cast: Cast) -> None:
    identity.block(cast.users["sanne"], by=cast.users["ina"])
    for email in ("nobody@example.nl", "sanne@example.nl", ""):
        request = LinkRequest.objects.create(email=email)
        assert identity.issue_password_link(request, by=SYSTEM) is None
    assert not PasswordLink.objects.exists()


def test_client_with_an_ended_membership_gets_no_link(cast: Cast) -> None:
    cast.users["sanne"].memberships.update(ended_at=timezone.now())
    request = LinkRequest.objects.create(email="sanne@example.nl")
    assert identity.issue_password_link(request, by=SYSTEM) is None


def test_link_used_since_its_lookup_is_refused(cast: Cast, monkeypatch: Any) -> None:
    """Two concurrent requests, one after the other, on a database that serialises them."""
    token = token_of(cast.users["sanne"])
    link = PasswordLink.objects.known_by(token)
    set_password(token)
    monkeypatch.setattr(type(PasswordLink.objects), "known_by", lambda self, token: link)
    assert is_dead(token)


def test_login_sees_the_clients_of_its_active_memberships(cast: Cast) -> None:
    sanne = cast.users["sanne"]
    assert list(Client.objects.visible_to(sanne)) == [cast.clients["sanne"]]
    sanne.memberships.update(ended_at=timezone.now())
    assert list(Client.objects.visible_to(sanne)) == []


def test_blocked_login_sees_no_client(cast: Cast) -> None:
    sanne = cast.users["sanne"]
    assert list(Client.objects.visible_to(sanne)) == [cast.clients["sanne"]]
    identity.block(sanne, by=cast.users["ina"])
    assert list(Client.objects.visible_to(sanne)) == []


def test_fourth_link_request_is_refused_for_known_and_unknown_addresses(cast: Cast) -> None:
    for email in ("sanne@example.nl", "nobody@example.nl"):
        accepted = [
            identity.request_password_link(by=ANONYMOUS, email=email) is not None for _ in range(4)
        ]
        assert accepted == [True, True, True, False]


def test_concurrent_requests_cannot_both_use_one_link(committed_cast: Cast) -> None:
    token = token_of(committed_cast.users["sanne"])
    results = at_once(lambda: set_password(token, NEW), lambda: set_password(token, NEW + " twee"))
    assert sorted(type(result).__name__ for result in results) == ["PermissionDenied", "User"]


def test_two_concurrent_links_of_one_login_set_one_password(committed_cast: Cast) -> None:
    one, other = (token_of(committed_cast.users["sanne"]) for _ in range(2))
    results = at_once(lambda: set_password(one), lambda: set_password(other))
    assert sorted(type(result).__name__ for result in results) == ["PermissionDenied", "User"]


# Logging in


def test_every_failed_login_gets_the_same_message(cast: Cast) -> None:
    identity.block(cast.users["emre"], by=cast.users["ina"])
    add_newcomer(cast)
    messages = set()
    for email, password, face in (
        ("nobody@example.nl", PASSWORD, "client"),
        ("emre@example.nl", PASSWORD, "client"),
        ("sanne@example.nl", "Verkeerd8", "client"),
        ("sanne@example.nl", PASSWORD, "office"),
        ("marieke@kantoor.example.nl", PASSWORD, "client"),
        ("nieuw@example.nl", PASSWORD, "client"),
        ("sanne@example.nl", "x" * 129, "client"),
    ):
        with pytest.raises(ValidationError) as refusal:
            log_in(email, password, face=face)
        messages.add(tuple(refusal.value.messages))
    assert len(messages) == 1


def test_login_is_an_event(cast: Cast) -> None:
    log_in("sanne@example.nl")
    assert Event.objects.latest("seq").verb == "identity.log_in"


def test_failed_login_is_a_security_event(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        log_in("sanne@example.nl", "Verkeerd8", network="192.0.2.0/24")
    assert SecurityEvent.objects.get().network == "192.0.2.0/24"


def test_sixth_attempt_in_five_minutes_is_refused_even_with_the_password(
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


def test_rate_limit_of_one_login_does_not_stop_another(
    cast: Cast, clock: time_machine.Coordinates
) -> None:
    for _ in range(5):
        with pytest.raises(ValidationError):
            log_in("sanne@example.nl", "Verkeerd8")
    assert log_in("emre@example.nl") == cast.users["emre"]


def test_network_that_tries_many_addresses_is_rate_limited(
    cast: Cast, clock: time_machine.Coordinates
) -> None:
    for number in range(20):
        with pytest.raises(ValidationError):
            log_in(f"n{number}@example.nl", network="192.0.2.0/24")
    with pytest.raises(RateLimited):
        log_in("sanne@example.nl", network="192.0.2.0/24")


def test_correct_password_clears_the_counter(cast: Cast, clock: time_machine.Coordinates) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(ValidationError):
                log_in("sanne@example.nl", "Verkeerd8")
        log_in("sanne@example.nl")


def test_counter_survives_the_failed_attempt(
    committed_cast: Cast, clock: time_machine.Coordinates
) -> None:
    for _ in range(3):
        with pytest.raises(ValidationError):
            log_in("sanne@example.nl", "Verkeerd8")
    assert set(RateCounter.objects.values_list("count", flat=True)) == {3}


def test_concurrent_attempts_are_all_counted(
    committed_db: None, clock: time_machine.Coordinates
) -> None:
    results = at_once(*[lambda: hit("login", key="sanne@example.nl")] * 6)
    assert results.count(None) == 5
    counts = RateCounter.objects.order_by("until").values_list("count", flat=True)
    assert list(counts) == [5, 5, 5]


def test_attempt_beside_a_successful_login_is_not_refused(
    db: None, clock: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = RateCounter.objects.get_or_create

    def found_then_forgiven(**values: object) -> tuple[RateCounter, bool]:
        counter = found(**values)
        forgive("login", key="sanne@example.nl")
        return counter

    monkeypatch.setattr(RateCounter.objects, "get_or_create", found_then_forgiven)
    hit("login", key="sanne@example.nl")
    assert set(RateCounter.objects.values_list("count", flat=True)) == {0, 1}


def test_too_long_password_is_refused_before_hashing(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(hashing, "check_password", lambda *_: pytest.fail("hashed"))
    monkeypatch.setattr(hashing, "make_password", lambda *_: pytest.fail("hashed"))
    with pytest.raises(ValidationError):
        log_in("sanne@example.nl", "K8" * 65)
    with pytest.raises(ValidationError):
        set_password(token_of(cast.users["sanne"]), "K8" * 65)


def test_ip_address_is_counted_by_its_network() -> None:
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


def test_client_without_an_address_gets_no_login(cast: Cast) -> None:
    client = clients.add_client(by=cast.users["marieke"], surname="Post")
    with pytest.raises(ValidationError, match="no e-mail address"):
        clients.add_login(client, by=cast.users["marieke"])


def test_address_of_the_office_gets_no_client_login(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="someone at the office"):
        clients.add_login(
            cast.clients["olga"], by=cast.users["ina"], email="Marieke@kantoor.example.nl"
        )


def test_one_login_can_act_for_two_clients(cast: Cast) -> None:
    by = cast.users["marieke"]
    membership = clients.add_login(cast.clients["olga"], by=by, email="SANNE@example.nl")
    again = clients.add_login(cast.clients["olga"], by=by, email="sanne@example.nl")
    assert membership.user == cast.users["sanne"]
    assert again == membership


@pytest.mark.parametrize(
    "facts",
    [{}, {"kind": "company"}, {"kind": "company", "surname": "Jansen"}, {"company_name": "Anker"}],
)
def test_client_without_a_name_is_refused(cast: Cast, facts: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        clients.add_client(by=cast.users["marieke"], **facts)


def test_verbs_refuse_a_user_without_permission(cast: Cast) -> None:
    sanne, emre = cast.users["sanne"], cast.users["emre"]
    for act in (
        lambda: clients.add_client(by=sanne, surname="X"),
        lambda: clients.add_login(cast.clients["sanne"], by=sanne, email="x@example.nl"),
        lambda: clients.invite(sanne.memberships.get(), by=sanne),
        lambda: identity.add_staff(
            by=cast.users["marieke"], roles=["administrator"], email="x@example.nl", surname="X"
        ),
        lambda: identity.block(emre, by=sanne),
        lambda: identity.block(emre, by=cast.users["marieke"]),
        lambda: identity.block(cast.users["marieke"], by=cast.users["ina"]),
        lambda: identity.choose_language(emre, by=sanne, language="en"),
    ):
        with pytest.raises(PermissionDenied):
            act()
