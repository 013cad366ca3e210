"""At most two passwords are hashed at once; others wait, and are refused without harm."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from threading import Event, Lock
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from tests.faces.matrix import browser_of
from tests.people import PASSWORD, Cast
from tests.snapshot import restore_cast

from portaal.domain.identity import hashing, verbs
from portaal.domain.identity.hashing import HASHES_MAX, WAITING_MAX
from portaal.domain.identity.models import LinkRequest, User
from portaal.domain.journal.actors import ANONYMOUS, SYSTEM
from portaal.domain.journal.models import SecurityEvent
from portaal.domain.problems import Unavailable
from portaal.domain.throttle.models import RateCounter
from portaal.web.management.commands.serve import web_command

THREADS = 8
SOON = 10  # seconds that no test waits


class SlowHasher:
    """Stand-in for the hashing of a password, which takes until `finish` is set."""

    def __init__(self) -> None:
        self.finish, self.full = Event(), Event()
        self.running = self.most = self.calls = 0
        self.lock = Lock()

    def __call__(self, *_: str) -> bool:
        with self.lock:
            self.calls += 1
            self.running += 1
            self.most = max(self.most, self.running)
            if self.running == HASHES_MAX:
                self.full.set()
        assert self.finish.wait(SOON)
        with self.lock:
            self.running -= 1
        return True


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowHasher]:
    hasher = SlowHasher()
    monkeypatch.setattr(hashing, "check_password", hasher)
    yield hasher
    hasher.finish.set()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(THREADS) as threads:
        yield threads


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "HASH_WAIT", timedelta(0))


@pytest.fixture
def busy(no_wait: None) -> Iterator[None]:
    """Hold every slot."""
    with ExitStack() as held:
        for _slot in range(HASHES_MAX):
            held.enter_context(hashing._slot())
        yield


def ask(pool: ThreadPoolExecutor, times: int) -> list[Future[bool]]:
    return [pool.submit(hashing.matches, "x", "y") for _ in range(times)]


def test_two_are_hashed_at_once_and_the_others_in_turn(
    slow: SlowHasher, pool: ThreadPoolExecutor
) -> None:
    answers = ask(pool, HASHES_MAX + WAITING_MAX)
    assert slow.full.wait(SOON)
    slow.finish.set()
    assert [answer.result(SOON) for answer in answers] == [True] * (HASHES_MAX + WAITING_MAX)
    assert slow.most == HASHES_MAX


def test_third_is_refused_after_its_wait(
    slow: SlowHasher, pool: ThreadPoolExecutor, no_wait: None
) -> None:
    ask(pool, HASHES_MAX)
    assert slow.full.wait(SOON)
    with pytest.raises(Unavailable) as refusal:
        hashing.matches("x", "y")
    assert refusal.value.status == 503
    assert refusal.value.retry_after == 30
    assert slow.calls == HASHES_MAX


def test_place_is_free_again_after_a_refusal(busy: None) -> None:
    for _attempt in range(2 * WAITING_MAX):
        with pytest.raises(Unavailable):
            hashing.hashed(PASSWORD)
    assert hashing._places.acquire(blocking=False)
    hashing._places.release()


def test_slot_is_free_again_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "check_password", lambda *_: 1 / 0)
    for _attempt in range(HASHES_MAX + 1):
        with pytest.raises(ZeroDivisionError):
            hashing.matches("x", "y")


def test_one_who_finds_every_place_taken_is_refused_at_once(
    slow: SlowHasher, pool: ThreadPoolExecutor
) -> None:
    answers = ask(pool, THREADS)
    refused = [answer for answer in answers if _is_refused(answer, slow)]
    slow.finish.set()
    assert len(refused) == THREADS - HASHES_MAX - WAITING_MAX


def _is_refused(answer: Future[bool], slow: SlowHasher) -> bool:
    """Tell if this answer is there although no hash is finished."""
    try:
        answer.result(0.2)
    except Unavailable:
        return True
    except TimeoutError:
        return False
    raise AssertionError("a hash was finished")


def test_a_thread_of_the_web_server_is_left_for_pages() -> None:
    command = web_command("portaal.wsgi:application", "127.0.0.1", 8000, workers=2)
    assert command[command.index("--blocking-threads") + 1] == str(THREADS)
    assert HASHES_MAX + WAITING_MAX == THREADS - 1


# Logging in and setting a password


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


@pytest.fixture
def committed_cast(committed_db: None) -> Cast:
    return restore_cast()


def log_in(email: str) -> User:
    return verbs.log_in(
        by=ANONYMOUS, email=email, password=PASSWORD, face="client", network="192.0.2.0/24"
    )


def token_of(user: User) -> str:
    issued = verbs.issue_password_link(LinkRequest.objects.create(email=user.email), by=SYSTEM)
    assert issued
    return issued[2]


def test_refused_wait_counts_as_no_attempt(cast: Cast, busy: None) -> None:
    for _attempt in range(10):
        with pytest.raises(Unavailable):
            log_in("sanne@example.nl")
    assert set(RateCounter.objects.values_list("count", flat=True)) == {0}
    assert not SecurityEvent.objects.exists()


def test_unknown_address_waits_for_a_slot_too(cast: Cast, busy: None) -> None:
    with pytest.raises(Unavailable):
        log_in("nobody@example.nl")


def test_wrong_password_still_counts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "check_password", lambda *_: False)
    with pytest.raises(ValidationError):
        log_in("sanne@example.nl")
    assert set(RateCounter.objects.values_list("count", flat=True)) == {1}


def test_login_page_answers_503_and_other_pages_answer(cast: Cast, busy: None) -> None:
    data = {"email": "sanne@example.nl", "password": PASSWORD}
    answer = browser_of(None).post("/inloggen/", data)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert browser_of(cast.users["emre"]).get("/dossiers/").status_code == 200


def test_link_is_good_after_a_refused_wait(cast: Cast, busy: None) -> None:
    token = token_of(cast.users["sanne"])
    browser = browser_of(None)
    browser.get(f"/wachtwoord/{token}/")
    answer = browser.post("/wachtwoord/instellen/", {"password": "Lindebloesem7"})
    assert answer.status_code == 503
    hashing._slots.release()
    try:
        assert verbs.set_password(token, "Lindebloesem7", by=ANONYMOUS) == cast.users["sanne"]
    finally:
        assert hashing._slots.acquire(blocking=False)


def test_new_password_is_hashed_outside_the_transaction(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_transaction: list[bool] = []

    def hash_now(*_: Any) -> str:
        in_transaction.append(connection.in_atomic_block)
        return "hash"

    monkeypatch.setattr(hashing, "make_password", hash_now)
    token = token_of(committed_cast.users["sanne"])
    verbs.set_password(token, "Lindebloesem7", by=ANONYMOUS)
    assert in_transaction == [False]
