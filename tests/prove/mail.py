"""C11: the mail server is away, hangs, is busy, refuses, or drops the line before or after its answer.

No page waits for it; a mail leaves when it is back: once, or where nobody can know twice with the same Message-ID; one that
is refused for good is shown to the office.
"""

from __future__ import annotations

import json
import time
from typing import Any

from .portal import Portal, portals
from .postman import Postman, until
from .report import failed, say
from .visitor import Visitor

TRY = 0.5  # seconds in which the worker does a job; a lease that is out again and again would have it done again
MODES = ["is away", "hangs", "busy", "refuses", "drops before its answer", "drops after its answer"]
TIMES = {
    "refuses": {0},
    "drops before its answer": {1, 2},
}  # how often the mail may come; else once


def prove(*, modes: list[str] = MODES) -> str:
    faults, doubled = [], 0
    with portals() as make:
        postman = Postman()
        portal, world = make(len(modes), PORTAAL_SMTP_URL=postman.url)
        portal.start(workers=1)
        for number, mode in enumerate(modes):
            email = world["lanes"][number]["email"]
            found, times = _through(portal, postman, world, mode, email)
            faults += [f"{mode}: {fault}" for fault in found]
            doubled += times > 1
            say(f"  mail: the server {mode}, {times} came")
        portal.kill()
        postman.close()
        faults += portal.faults()
    failed("mail", faults)
    return f"{len(modes)} ways to fail; every page answered, every mail came or is shown, {doubled} twice under one number"


def _through(
    portal: Portal, postman: Postman, world: dict[str, Any], mode: str, email: str
) -> tuple[list[str], int]:
    """A client asks for a link while the server fails so; what is wrong afterwards, and how often the mail came."""
    if mode == "is away":
        postman.close()
    postman.become(mode)
    visits, faults = postman.visits, []
    if not ask_for_link(
        portal, email
    ).is_done:  # it answers while the server still hangs: it is released below
        faults.append("the page did not say yes")
    if mode == "is away":
        until(lambda: jobs(portal)[-1]["attempts"] > 0, "a try")
        postman.open()
    else:
        until(lambda: postman.visits > visits, "a try")
        until(lambda: mode == "hangs" or jobs(portal)[-1]["state"] != "running", "the try is over")
    postman.release()
    until(lambda: jobs(portal, "pass")[-1]["state"] in ("done", "dead"), "the job is over")
    numbers = [number for receiver, number in postman.taken if receiver == email]
    if len(numbers) not in TIMES.get(mode, {1}) or len(set(numbers)) > 1 or "" in numbers:
        faults.append(f"the mail came as {numbers}")
    if (jobs(portal)[-1]["state"] == "dead") != (mode == "refuses"):
        faults.append(f"the job ended as {jobs(portal)[-1]}")
    if mode == "refuses" and email not in undelivered(portal, world):
        faults.append("the office does not see that the mail was refused")
    return faults, len(numbers)


def ask_for_link(portal: Portal, email: str) -> Any:
    visitor = Visitor(portal.port)
    visitor.get("/wachtwoord/")
    return visitor.post("/wachtwoord/", [("email", email)])


def jobs(portal: Portal, how: str = "") -> list[dict[str, Any]]:
    """The portal's jobs, the oldest first; with 'pass' after time has passed."""
    if how == "pass":
        time.sleep(TRY)
    return list(json.loads(portal.later(how)))


def undelivered(portal: Portal, world: dict[str, Any]) -> str:
    """What the handler sees at 'Niet bezorgd'."""
    handler = Visitor(portal.port)
    handler.log_in("/kantoor/inloggen/", world["handler"], world["password"])
    return handler.get("/kantoor/niet-bezorgd/").text
