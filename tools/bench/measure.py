"""Measurements of each page in turn with the floor, round after round.

Other load on the machine then affects both.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any
from uuid import uuid4

from . import FLOOR
from .browser import Answer, Browser
from .paper import parts
from .server import Server, peak

FLOOR_TIMES = 100  # requests per round
WARM_CONNECTIONS = 24  # more than the threads of the server, so that each has had its first request
WARM_LEAST = 0.1  # seconds, enough for that
WAYS = ("upload", "download", "tus, one piece", "tus, 4 MB")  # rounds of a large file
MIB = 1024 * 1024
Cookies = dict[str, str]


@dataclass(frozen=True)
class Subject:
    """A measured act. Its page must contain `holds`, each text so many times."""

    name: str
    person: str
    act: Callable[[Browser], Answer]
    times: int  # per round
    status: int = 200
    holds: tuple[bytes, int] | None = None
    is_read: bool = True  # a page that many people read at once
    warm: Callable[[Browser], Answer] | None = (
        None  # for acts that are no page: the same act without an effect on the measurement
    )


@dataclass
class Figures:
    """Seconds per request, one value a round.

    Processor time of the server, of the server with its database, and wall clock time; and those of
    the floor and of nginx in the same round.
    """

    cpu: list[float] = field(default_factory=list)
    whole_cpu: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)
    floor_cpu: list[float] = field(default_factory=list)
    floor_whole_cpu: list[float] = field(default_factory=list)
    nginx_clock: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        """Return the medians over the rounds; a ratio is computed within its round."""
        found = {
            "ratio": _median_ratio(self.cpu, self.floor_cpu),
            "ratio_with_database": _median_ratio(self.whole_cpu, self.floor_whole_cpu),
            "cpu_ms": median(self.cpu) * 1000,
            "cpu_with_database_ms": median(self.whole_cpu) * 1000,
            "floor_cpu_ms": median(self.floor_cpu) * 1000,
            "floor_cpu_with_database_ms": median(self.floor_whole_cpu) * 1000,
            "clock_ms": median(self.clock) * 1000,
        }
        if self.nginx_clock:
            found["nginx_clock_ms"] = median(self.nginx_clock) * 1000
            found["speed_of_nginx"] = _median_ratio(self.nginx_clock, self.clock)
        return found


class Bench:
    """The server with its logged-in people and their acts."""

    def __init__(
        self,
        server: Server,
        facts: dict[str, Any],
        nginx: Server | None = None,
        *,
        short: bool = False,
    ) -> None:
        self.server, self.facts, self.nginx = server, facts, nginx
        self.most = (
            2 if short else FLOOR_TIMES
        )  # requests per round, except of the floor: noise must not raise it
        self.warm_seconds = WARM_LEAST if short else 0.5
        self.cookies: dict[str, Cookies] = {
            "nobody": {},
            "floor": {"floor": facts["floor_session"]},
            "client": self._let_in("/inloggen/", facts["client"]),
            "owner": self._let_in("/inloggen/", facts["owner_of_large"]),
            "handler": self._let_in("/kantoor/inloggen/", facts["handler"]),
        }
        dossier, inbox = facts["dossier"], f"/kantoor/dossiers/{facts['inbox']}/"
        with self.browser("handler") as browser:
            self.upload_token = browser.token(inbox)
            self.cookies["handler"] |= browser.cookies
        with self.browser("owner") as browser:
            self.message_token = browser.token(f"/dossiers/{facts['short']}/berichten/nieuw/")
            self.cookies["owner"] |= browser.cookies
        with self.browser("nobody") as browser:
            self.login_token = browser.token("/inloggen/")
            self.cookies["nobody"] |= browser.cookies
        self.floor = Subject("floor", "floor", _get(FLOOR), FLOOR_TIMES, holds=(b"floor", 1))
        rows = min(facts["dossiers_of_client"], 50)
        download = self.download(facts["large"], facts["large_bytes"])
        self.subjects = [
            Subject("home", "client", _get("/"), 40, holds=(b'class="part unread"', 5)),
            Subject(
                "list of 50", "client", _get("/dossiers/"), 30, holds=(b'class="title-line"', rows)
            ),
            Subject(
                "list with search",
                "client",
                _get("/dossiers/?q=utrecht+levering"),
                30,
                holds=(b'class="title-line"', rows),
            ),
            Subject(
                "dossier with 20 documents",
                "client",
                _get(f"/dossiers/{dossier}/documenten/"),
                30,
                holds=(b"<download-row", 20),
            ),
            Subject(
                "dossier with 20 messages",
                "client",
                _get(f"/dossiers/{dossier}/berichten/"),
                30,
                holds=(b'class="title"', 20),
            ),
            Subject("office: list", "handler", _get("/kantoor/dossiers/"), 20),
            Subject(
                "office: dossier",
                "handler",
                _get(f"/kantoor/dossiers/{dossier}/"),
                20,
                holds=(b"/publicaties/", 40),
            ),
            Subject(
                "office: conversations",
                "handler",
                _get(f"/kantoor/dossiers/{dossier}/berichten/"),
                20,
            ),
            Subject(
                "office: conversation",
                "handler",
                _get(f"/kantoor/berichten/{facts['message']}/"),
                20,
            ),
            Subject(
                "sending 1 MB, after 1 message",
                "owner",
                self.send(facts["short"]),
                8,
                status=302,
                is_read=False,
                warm=self.send(facts["inbox"]),
            ),
            Subject(
                "sending 1 MB, after 200",
                "owner",
                self.send(facts["long"]),
                8,
                status=302,
                is_read=False,
            ),
            Subject("login", "nobody", self._log_in, 3, status=302, is_read=False),
            Subject("download of 10 MB", "owner", download, 8, is_read=False, warm=download),
            Subject(
                "upload of 10 MB",
                "handler",
                self.upload(facts["large_bytes"]),
                3,
                status=302,
                is_read=False,
            ),
        ]

    def browser(self, person: str) -> Browser:
        return Browser(self.server.port, self.cookies[person])

    def rounds(self, many: int, say: Callable[[str], None]) -> dict[str, dict[str, float]]:
        """Measure each subject after the floor over one connection; return medians by name."""
        self.warm_up(self.subjects)
        figures = {subject.name: Figures() for subject in self.subjects}
        for number in range(1, many + 1):
            say(f"round {number} of {many}")
            for subject in self.subjects:
                found = figures[subject.name]
                floor_cpu, floor_whole, _clock = self._batch(self.floor)
                cpu, whole, clock = self._batch(subject)
                found.floor_cpu.append(floor_cpu)
                found.floor_whole_cpu.append(floor_whole)
                found.cpu.append(cpu)
                found.whole_cpu.append(whole)
                found.clock.append(clock)
                if subject.name.startswith("download") and self.nginx:
                    found.nginx_clock.append(self._from_nginx(subject.times))
        return {name: found.summary() for name, found in figures.items()}

    def busy(self, subject: Subject, connections: int, seconds: float) -> dict[str, float]:
        """Measure with many connections at once: milliseconds, requests a second, errors."""
        until = time.monotonic() + seconds

        def ask_on(_: int) -> tuple[list[float], int]:
            took, errors = [], 0
            with self.browser(subject.person) as browser:
                while time.monotonic() < until:
                    began = time.perf_counter()
                    try:
                        errors += subject.act(browser).status != subject.status
                    except OSError:
                        errors += 1
                        break
                    took.append(time.perf_counter() - began)
            return took, errors

        with ThreadPoolExecutor(connections) as pool:
            parts = list(pool.map(ask_on, range(connections)))
        took = sorted(one for part, _ in parts for one in part)
        return {
            **{f"p{percent}_ms": percentile(took, percent) * 1000 for percent in (50, 95, 99)},
            "a_second": len(took) / seconds,
            "errors": sum(errors for _, errors in parts),
        }

    def memory(self, way: str) -> dict[str, float]:
        """Send the large file in one of WAYS; return megabytes of growth and megabytes a second.

        The growth is that of the process that grew most, since it had served pages on every thread
        and no file.
        """
        self.warm_seconds = WARM_LEAST
        self.warm_up(
            [subject for subject in self.subjects if subject.name in ("home", "office: dossier")]
        )
        octets = self.facts["large_bytes"]
        person, act = {
            "upload": ("handler", lambda browser: _expect(self.upload(octets)(browser), 302)),
            "download": (
                "owner",
                lambda browser: _expect(self.download(self.facts["large"], octets)(browser), 200),
            ),
            "tus, one piece": ("handler", lambda browser: self._pieces(browser, octets, octets)),
            "tus, 4 MB": ("handler", lambda browser: self._pieces(browser, octets, 4 * MIB)),
        }[way]
        with self.browser(person) as browser, peak(self.server) as seen:
            began = time.monotonic()
            act(browser)
            seconds = time.monotonic() - began
        return {"grew_mb": _growth(seen), "mb_a_second": octets / seconds / 1e6}

    def _pieces(self, browser: Browser, octets: int, piece: int) -> None:
        """Upload a file in parts, which finishing joins, and remove it."""
        token, path = self.upload_token, f"/kantoor/dossiers/{self.facts['inbox']}/bijlagen/"
        where = browser.send_pieces(path, token, "groot.pdf", parts(octets), octets, piece)
        _expect(
            browser.ask("DELETE", where, more={"Tus-Resumable": "1.0.0", "X-CSRFToken": token}), 204
        )

    def warm_up(self, subjects: list[Subject]) -> None:
        """Warm every thread: its connection, queries and templates; check every page."""
        for subject in [self.floor, *subjects]:
            with self.browser(subject.person) as browser:
                answer = _expect(subject.act(browser), subject.status)
            if subject.holds and (found := answer.body.count(subject.holds[0])) != subject.holds[1]:
                raise RuntimeError(
                    f"{subject.name} shows {subject.holds[0]!r} {found} times, "
                    f"not {subject.holds[1]}"
                )
        for subject in [self.floor, *subjects]:
            if warm := subject.warm or (subject.act if subject.is_read else None):
                found = self.busy(replace(subject, act=warm), WARM_CONNECTIONS, self.warm_seconds)
                if found["errors"]:
                    raise RuntimeError(
                        f"{subject.name}: {found['errors']:.0f} errors "
                        f"at {WARM_CONNECTIONS} connections"
                    )

    def download(self, publication: str, octets: int) -> Callable[[Browser], Answer]:
        def act(browser: Browser) -> Answer:
            answer = browser.get(f"/publicaties/{publication}/bestand/", keep=False)
            if answer.octets != octets:
                raise RuntimeError(f"{answer.octets} bytes of {octets}")
            return answer

        return act

    def upload(self, octets: int) -> Callable[[Browser], Answer]:
        """Publish a document of so many bytes, as the office does."""

        def act(browser: Browser) -> Answer:
            fields = {
                "csrfmiddlewaretoken": self.upload_token,
                "submission": str(uuid4()),
                "title": "Ontvangen",
                "kind": "document",
                "tab": "documents",
                "parties": self.facts["inbox_party"],
            }
            path = f"/kantoor/dossiers/{self.facts['inbox']}/"
            return browser.send_file(path, fields, "ontvangen.pdf", parts(octets), octets)

        return act

    def send(self, dossier: str) -> Callable[[Browser], Answer]:
        """Send a client's message with a file of 1 MB, by the form without scripts."""

        def act(browser: Browser) -> Answer:
            fields = {
                "csrfmiddlewaretoken": self.message_token,
                "submission": str(uuid4()),
                "subject": "Kopie",
                "body": "Hierbij.",
            }
            path = f"/dossiers/{dossier}/berichten/nieuw/"
            return browser.send_file(path, fields, "kopie.pdf", parts(MIB), MIB, field="upload")

        return act

    def _log_in(self, browser: Browser) -> Answer:
        browser.cookies = dict(self.cookies["nobody"])
        email, password = self.facts["client"], self.facts["password"]
        return browser.post(
            "/inloggen/",
            {"csrfmiddlewaretoken": self.login_token, "email": email, "password": password},
        )

    def _let_in(self, path: str, email: str) -> Cookies:
        with Browser(self.server.port) as browser:
            _expect(browser.log_in(path, email, self.facts["password"]), 302)
            return browser.cookies

    def _batch(self, subject: Subject) -> tuple[float, float, float]:
        """Return the seconds per request: processor, processor with database, and wall clock."""
        times = subject.times if subject is self.floor else min(subject.times, self.most)
        with self.browser(subject.person) as browser:
            subject.act(browser)
            cpu, database, clock = (
                self.server.cpu(),
                self.server.database_cpu(),
                time.perf_counter(),
            )
            for _ in range(times):
                _expect(subject.act(browser), subject.status)
            clock = time.perf_counter() - clock
            cpu, database = self.server.cpu() - cpu, self.server.database_cpu() - database
        return cpu / times, (cpu + database) / times, clock / times

    def _from_nginx(self, times: int) -> float:
        assert self.nginx
        with Browser(self.nginx.port) as browser:
            browser.get("/plain.pdf", keep=False)
            began = time.perf_counter()
            for _ in range(times):
                _expect(browser.get("/plain.pdf", keep=False), 200)
            return (time.perf_counter() - began) / times


def percentile(ordered: list[float], percent: int) -> float:
    """Return the percentile of sorted values."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else float("nan")


def _get(path: str, *, keep: bool = True) -> Callable[[Browser], Answer]:
    return lambda browser: browser.get(path, keep=keep)


def _expect(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise RuntimeError(
            f"the server answered {answer.status}, not {status}: {answer.body[:500]!r}"
        )
    return answer


def _median_ratio(above: list[float], below: list[float]) -> float:
    return median(one / other for one, other in zip(above, below, strict=True))


def _growth(seen: dict[int, list[int]]) -> float:
    return max(most - before for before, most in seen.values()) / MIB
