"""Fixtures of the browser tests: Chromium and a served portal with worker and mailbox."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portaal.demo.load import STAFF

PASSWORD = "Lindebloesem7"
PORTAAL = [sys.executable, "-m", "portaal"]
CHROMIUM = [
    *(
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
    ),
    *("--disable-component-update", "--disable-sync"),
]
# Prefer the light build: the same engine without windows.
EXECUTABLE = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
AXE = Axe().axe_script
WAIT = 30  # seconds to wait for the worker
NUMBERS = count(1)
SESSIONS: dict[tuple[str, str, str], Any] = {}  # cookies by login page, address and password


@dataclass(frozen=True)
class Portal:
    url: str
    data: Path

    def mails(self, to: str) -> list[dict[str, Any]]:
        """Return the e-mails to an address, oldest first."""
        with urllib.request.urlopen(f"{self.url}/postvak/berichten.json") as answer:
            return [mail for mail in reversed(json.load(answer)) if to in mail["to"]]

    def mail(self, to: str, subject: str) -> dict[str, Any]:
        """Return the newest e-mail to an address with this subject; wait for the worker."""
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            if matching := [mail for mail in self.mails(to) if mail["subject"] == subject]:
                return matching[-1]
            time.sleep(0.2)
        raise AssertionError(
            f"no e-mail {subject!r} to {to}: {[mail['subject'] for mail in self.mails(to)]}"
        )


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a data folder with the demo office, made once a run by the first process."""
    base = tmp_path_factory.getbasetemp()
    data = (base if worker_id == "master" else base.parent) / "loaded"
    data.mkdir(exist_ok=True)
    with (data / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (data / "done").exists():
            for act in (["collectstatic", "--no-input", "-v0"], ["migrate", "-v0"], ["demo"]):
                subprocess.run(
                    [*PORTAAL, *act], env=_environment(data), check=True, stdout=subprocess.DEVNULL
                )
            (data / "done").touch()
    return data


@pytest.fixture(scope="session")
def portal(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Serve the demo office as `make run` does."""
    data, port = tmp_path_factory.mktemp("portal"), _free_port()
    shutil.copytree(loaded, data, dirs_exist_ok=True)
    environment = _environment(data) | {"PORTAAL_BASE_URL": f"http://localhost:{port}"}
    with (data / "log").open("wb") as log:
        server = subprocess.Popen([*PORTAAL, "serve"], env=environment, stdout=log, stderr=log)
        try:
            _wait_for(f"http://localhost:{port}/gezondheid", server)
            yield Portal(f"http://localhost:{port}", data)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(15)
    assert "Traceback" not in (data / "log").read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=EXECUTABLE, args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, portal: Portal) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a browser context of its own.

    Afterwards, check that no script failed, that nothing violated the content policy, and that
    nothing was requested from another host.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(width: int = 1280, height: int = 900, **how: bool) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=portal.url, **how
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda message: (
                errors.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None if _is_own(request.url, portal.url) else errors.append(request.url)
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def handler(new_page: Callable[..., Page]) -> Page:
    """Return a page on which Marieke de Wit is logged in at the office."""
    page = new_page()
    log_in(page, f"{next(iter(STAFF))}@lindehof.example.nl", at="/kantoor/inloggen/")
    return page


def log_in(page: Page, email: str, *, password: str = PASSWORD, at: str = "/inloggen/") -> None:
    """Log in and open the home page, with the session of an earlier test while it lasts."""
    if session := SESSIONS.get((at, email, password)):
        page.context.add_cookies([session])
        page.goto(at.removesuffix("inloggen/"))
        if "inloggen" not in page.url:
            return
    page.goto(at)
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord", exact=True).fill(password)
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_url(lambda url: "inloggen" not in url)
    name = settings.OFFICE_COOKIE if at.startswith("/kantoor/") else settings.CLIENT_COOKIE
    [SESSIONS[at, email, password]] = [
        cookie for cookie in page.context.cookies() if cookie["name"] == name
    ]


def make_client(handler: Page, *, surname: str, company: str = "") -> str:
    """Make and invite a client as the office; return the client's e-mail address."""
    email = f"{surname.lower()}.{os.getpid()}.{next(NUMBERS)}@example.nl"
    handler.goto("/kantoor/clienten/nieuw/")
    if company:
        handler.get_by_label("Bedrijf", exact=True).check()
        handler.get_by_label("Naam van het bedrijf").fill(company)
    handler.get_by_label("Aanhef").select_option("mevrouw")
    handler.get_by_label("Voornamen").fill("Petra")
    handler.get_by_label("Achternaam").fill(surname)
    handler.get_by_label("E-mailadres").fill(email)
    handler.get_by_role("button", name="Cliënt aanmaken").click()
    handler.wait_for_url("**/kantoor/clienten/*-*/")
    return email


def set_password(page: Page, portal: Portal, email: str, *, password: str = PASSWORD) -> None:
    """Set a password by the second e-mail's link, which also logs in."""
    page.goto("/welkom/")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_role("button", name="Verstuur").click()
    page.goto(link_in(portal.mail(email, "Stel uw wachtwoord in")))
    page.get_by_label("Wachtwoord", exact=True).fill(password)
    page.get_by_role("button", name="Instellen wachtwoord").click()
    page.wait_for_url("**/mijn-gegevens/")


def make_dossier(handler: Page, *, type: str = "Levering woning") -> tuple[str, str]:
    """Open a dossier with the office's form; return its number and its page's address."""
    number = f"T{os.getpid()}.{next(NUMBERS)}"
    handler.goto("/kantoor/dossiers/nieuw/")
    handler.get_by_label("Dossiernummer").fill(number)
    handler.get_by_label("Omschrijving").fill(f"Aankoop Proeflaan {number}")
    handler.get_by_label("Soort").select_option(label=type)
    handler.get_by_label("Status").select_option(label="In behandeling")
    handler.get_by_role("button", name="Dossier aanmaken").click()
    handler.wait_for_url("**/partijen/nieuw/")
    return number, handler.url.replace("partijen/nieuw/", "")


def admit(handler: Page, dossier: str, email: str, *, role: str = "Koper") -> None:
    handler.goto(f"{dossier}partijen/nieuw/?q={email}")
    option = handler.locator("select[name=client] option", has_text=email)
    handler.locator("select[name=client]").select_option(option.get_attribute("value"))
    handler.locator("select[name=role]").select_option(label=role)
    handler.get_by_role("button", name="Toevoegen", exact=True).click()
    handler.wait_for_url(dossier)


def publish(handler: Page, dossier: str, file: Path, *, title: str, tab: str, to: str) -> None:
    handler.goto(dossier)
    handler.get_by_label("Bestand", exact=True).set_input_files(file)
    handler.get_by_label("Naam voor de cliënt").fill(title)
    handler.get_by_label(tab, exact=True).check()
    handler.get_by_role("checkbox", name=to).check()
    handler.get_by_role("button", name="Publiceren voor 1 persoon").click()
    handler.get_by_text("is gepubliceerd voor 1 persoon").wait_for()
    deadline = time.monotonic() + WAIT  # for the virus scan
    while not handler.get_by_role("link", name=title, exact=True).count():
        assert time.monotonic() < deadline, f"{title} is still being scanned"
        handler.wait_for_timeout(200)
        handler.goto(dossier)


def axe(page: Page, *, scheme: str = "light", only: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Return axe's violations by all rules or `only` these, after the page's animations."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal type
    page.evaluate(
        "Promise.allSettled(document.getAnimations().map((each) => each.finished)).then(() => null)"
    )
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    how = {"resultTypes": ["violations"]} | (
        {"runOnly": {"type": "rule", "values": list(only)}} if only else {}
    )
    violations: list[dict[str, Any]] = page.evaluate(
        "(how) => axe.run(how).then((result) => result.violations)", how
    )
    return violations


def axe_in_light_and_dark(page: Page) -> list[tuple[str, dict[str, Any]]]:
    """Return axe's violations, each with its colour scheme.

    The dark scheme is checked by the rules on colours alone: all else is the same page.
    """
    dark = axe(page, scheme="dark", only=("color-contrast", "link-in-text-block"))
    return [("light", violation) for violation in axe(page)] + [
        ("dark", violation) for violation in dark
    ]


def link_in(mail: dict[str, Any]) -> str:
    return next(word for word in mail["text"].split() if word.startswith("http"))


def make_pdf(folder: Path, name: str = "akte.pdf", *, size: int = 200_000) -> Path:
    """Write a file that begins and ends as a PDF, with random bytes between."""
    path = folder / name
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(size) + b"\nstartxref\n9\n%%EOF\n")
    return path


def _environment(data: Path) -> dict[str, str]:
    others = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PORTAAL_", "DJANGO_"))
    }
    return others | {
        "PORTAAL_MODE": "demo",
        "PORTAAL_DATA_DIR": str(data),
        "PORTAAL_NOTICE_QUIET_SECONDS": "1",
    }


def _is_own(address: str, own: str) -> bool:
    return address.startswith((own, "data:", "blob:"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the portal did not come up")
