"""C13: the worker dies or stands still in the middle of a mail, and one job kills it each time.

Another takes over when the lease is out; the mail comes once, or twice with the same Message-ID; a job that kills its worker
each time is given up and shown to the office.
"""

from __future__ import annotations

import signal
from typing import Any

from .mail import ask_for_link, jobs, undelivered
from .portal import Portal, kill, portals
from .postman import Postman, until
from .report import failed, say

ATTEMPTS_MAX = 6  # as jobs/worker.py has it
WAYS = ["dies", "stands still", "dies each time"]


def prove(*, ways: list[str] = WAYS) -> str:
    faults = []
    with portals() as make:
        postman = Postman()
        portal, world = make(len(ways), PORTAAL_SMTP_URL=postman.url)
        portal.start(workers=1)
        for number, way in enumerate(ways):
            email = world["lanes"][number]["email"]
            postman.become("holds")
            if not ask_for_link(portal, email).is_done:
                faults.append(f"{way}: the page did not say yes")
            until(lambda: postman.held > 0, "the worker is in the middle of a mail")
            state = {
                "dies": _dies,
                "stands still": _stands_still,
                "dies each time": _dies_each_time,
            }[way](portal, postman)
            numbers = [number for receiver, number in postman.taken if receiver == email]
            if len(set(numbers)) != 1 or len(numbers) > (
                2 if way != "dies each time" else ATTEMPTS_MAX
            ):
                faults.append(f"{way}: the mail came as {numbers}")
            if state != ("dead" if way == "dies each time" else "done"):
                faults.append(f"{way}: the job ended as {jobs(portal)[-1]}")
            if way == "dies each time" and email not in undelivered(portal, world):
                faults.append(f"{way}: the office does not see it")
            say(f"  workers: one that {way}, the job is {state}")
        if "stands still" in ways and "was taken over before it ended" not in portal.log():
            faults.append("who stood still did not notice that another had taken over")
        portal.kill()
        postman.close()
        faults += portal.faults()
    failed("workers", faults)
    return f"{len(ways)} ways; every job once, or given up and shown"


def _dies(portal: Portal, postman: Postman) -> str:
    _kill(portal)
    postman.release()
    return _ended(portal)


def _stands_still(portal: Portal, postman: Postman) -> str:
    [worker] = portal.processes()["jobs"]
    kill(worker, signal.SIGSTOP)
    jobs(portal, "pass")
    postman.mode = "takes"  # what is held stays held
    portal.run("worker", "--once")
    state = str(jobs(portal)[-1]["state"])
    postman.release()
    kill(worker, signal.SIGCONT)
    until(
        lambda: "was taken over before it ended" in portal.log(),
        "who stood still looks at its lease",
    )
    return state if state == jobs(portal)[-1]["state"] else f"{state}, then something else"


def _dies_each_time(portal: Portal, postman: Postman) -> str:
    for attempt in range(1, ATTEMPTS_MAX + 1):
        until(lambda now=attempt: postman.held >= now, f"attempt {attempt}")  # type: ignore[misc]
        _kill(portal)
        jobs(portal, "pass")
    until(lambda: jobs(portal)[-1]["state"] != "running", "it is given up")
    postman.release()
    until(lambda: postman.held == 0, "what was held is let go")
    return str(jobs(portal)[-1]["state"])


def _kill(portal: Portal) -> None:
    """kill -9 of the worker; the portal starts another by itself."""
    [worker] = portal.processes()["jobs"]
    kill(worker)
    until(lambda: portal.processes()["jobs"] not in ([], [worker]), "another worker")


def _ended(portal: Portal) -> Any:
    until(lambda: jobs(portal, "pass")[-1]["state"] in ("done", "dead"), "the job is over")
    return jobs(portal)[-1]["state"]
