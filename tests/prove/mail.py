"""The mail server is unavailable, hangs, is busy, refuses, or drops the connection.

No page waits for it. An e-mail leaves when the server is back: once or, where the answer was lost,
twice with the same Message-ID. The office sees one that is refused for good.
"""

from __future__ import annotations

import json
import time
from typing import Any

from .mail_server import MailServer, until
from .portal import Portal, portals
from .report import failed, say
from .visitor import Visitor

ATTEMPT = 0.5  # seconds for the worker to run a job before its lease is made to expire again
MODES = ["is away", "hangs", "busy", "refuses", "drops before its answer", "drops after its answer"]
TIMES = {
    "refuses": {0},
    "drops before its answer": {1, 2},
}  # how often the e-mail may arrive; in other modes once


def prove(*, modes: list[str] = MODES) -> str:
    faults, doubled = [], 0
    with portals() as make:
        mail_server = MailServer()
        portal, world = make(len(modes), PORTAAL_SMTP_URL=mail_server.url)
        portal.start(workers=1)
        for number, mode in enumerate(modes):
            email = world["lanes"][number]["email"]
            problems, times = _prove_mode(portal, mail_server, world, mode, email)
            faults += [f"{mode}: {fault}" for fault in problems]
            doubled += times > 1
            say(f"  mail: the server {mode}, {times} arrived")
        portal.kill()
        mail_server.close()
        faults += portal.self_check()
    failed("mail", faults)
    return (
        f"{len(modes)} ways to fail; every page answered, every e-mail arrived or is listed, "
        f"{doubled} twice under one Message-ID"
    )


def _prove_mode(
    portal: Portal, mail_server: MailServer, world: dict[str, Any], mode: str, email: str
) -> tuple[list[str], int]:
    """Request a password link as a client while the server fails.

    Returns the defects and how often the e-mail arrived.
    """
    if mode == "is away":
        mail_server.close()
    mail_server.set_mode(mode)
    connections, faults = mail_server.connections, []
    # The page must answer while the server still hangs, until `release` below.
    if not ask_for_link(portal, email).is_done:
        faults.append("the page did not confirm")
    if mode == "is away":
        until(lambda: jobs(portal)[-1]["attempts"] > 0, "a try")
        mail_server.open()
    else:
        until(lambda: mail_server.connections > connections, "a try")
        until(lambda: mode == "hangs" or jobs(portal)[-1]["state"] != "running", "the try is over")
    mail_server.release()
    until(lambda: jobs(portal, "pass")[-1]["state"] in ("done", "dead"), "the job is over")
    message_ids = [number for receiver, number in mail_server.received if receiver == email]
    if (
        len(message_ids) not in TIMES.get(mode, {1})
        or len(set(message_ids)) > 1
        or "" in message_ids
    ):
        faults.append(f"the e-mail arrived as {message_ids}")
    if (jobs(portal)[-1]["state"] == "dead") != (mode == "refuses"):
        faults.append(f"the job ended as {jobs(portal)[-1]}")
    if mode == "refuses" and email not in undelivered(portal, world):
        faults.append("the office does not see that the mail was refused")
    return faults, len(message_ids)


def ask_for_link(portal: Portal, email: str) -> Any:
    visitor = Visitor(portal.port)
    visitor.get("/wachtwoord/")
    return visitor.post("/wachtwoord/", [("email", email)])


def jobs(portal: Portal, command: str = "") -> list[dict[str, Any]]:
    """Return the portal's jobs, oldest first; with "pass" after time has passed."""
    if command == "pass":
        time.sleep(ATTEMPT)
    return list(json.loads(portal.job_clock(command)))


def undelivered(portal: Portal, world: dict[str, Any]) -> str:
    """Return the page "Niet bezorgd" as the handler sees it."""
    handler = Visitor(portal.port)
    handler.log_in("/kantoor/inloggen/", world["handler"], world["password"])
    return handler.get("/kantoor/niet-bezorgd/").text
