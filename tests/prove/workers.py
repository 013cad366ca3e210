"""The worker dies or stops in the middle of an e-mail, and one job kills it each time.

Another takes over when the lease expires. The e-mail arrives once, or twice with the same
Message-ID; a job that kills its worker each time becomes a dead letter that the office sees.
"""

from __future__ import annotations

import signal
from typing import Any

from .mail import ask_for_link, jobs, undelivered
from .mail_server import MailServer, until
from .portal import Portal, kill, portals
from .report import failed, say

ATTEMPTS_MAX = 6  # as in jobs/worker.py
WAYS = ["dies", "stands still", "dies each time"]


def prove(*, ways: list[str] = WAYS) -> str:
    faults = []
    with portals() as make:
        mail_server = MailServer()
        portal, world = make(len(ways), PORTAAL_SMTP_URL=mail_server.url)
        portal.start(workers=1)
        for number, way in enumerate(ways):
            email = world["lanes"][number]["email"]
            mail_server.set_mode("holds")
            if not ask_for_link(portal, email).is_done:
                faults.append(f"{way}: the page did not confirm")
            until(lambda: mail_server.waiting > 0, "the worker is in the middle of a mail")
            state = {
                "dies": _dies,
                "stands still": _stands_still,
                "dies each time": _dies_each_time,
            }[way](portal, mail_server)
            message_ids = [
                message_id for receiver, message_id in mail_server.received if receiver == email
            ]
            if len(set(message_ids)) != 1 or len(message_ids) > (
                2 if way != "dies each time" else ATTEMPTS_MAX
            ):
                faults.append(f"{way}: the e-mail arrived as {message_ids}")
            if state != ("dead" if way == "dies each time" else "done"):
                faults.append(f"{way}: the job ended as {jobs(portal)[-1]}")
            if way == "dies each time" and email not in undelivered(portal, world):
                faults.append(f"{way}: the office does not see it")
            say(f"  workers: one that {way}, the job is {state}")
        if "stands still" in ways and "was taken over before it ended" not in portal.log():
            faults.append("the stopped worker did not notice the takeover")
        portal.kill()
        mail_server.close()
        faults += portal.self_check()
    failed("workers", faults)
    return f"{len(ways)} ways; every job once, or given up and shown"


def _dies(portal: Portal, mail_server: MailServer) -> str:
    _kill(portal)
    mail_server.release()
    return _ended(portal)


def _stands_still(portal: Portal, mail_server: MailServer) -> str:
    [worker] = portal.processes()["jobs"]
    kill(worker, signal.SIGSTOP)
    jobs(portal, "pass")
    mail_server.mode = "takes"  # waiting e-mails keep waiting
    portal.run("worker", "--once")
    state = str(jobs(portal)[-1]["state"])
    mail_server.release()
    kill(worker, signal.SIGCONT)
    until(
        lambda: "was taken over before it ended" in portal.log(),
        "the stopped worker checks its lease",
    )
    return state if state == jobs(portal)[-1]["state"] else f"{state}, then something else"


def _dies_each_time(portal: Portal, mail_server: MailServer) -> str:
    for attempt in range(1, ATTEMPTS_MAX + 1):
        until(
            lambda now=attempt: mail_server.waiting >= now,  # type: ignore[misc]
            f"attempt {attempt}",
        )
        _kill(portal)
        jobs(portal, "pass")
    until(lambda: jobs(portal)[-1]["state"] != "running", "it is given up")
    mail_server.release()
    until(lambda: mail_server.waiting == 0, "the waiting e-mails are answered")
    return str(jobs(portal)[-1]["state"])


def _kill(portal: Portal) -> None:
    """Kill the worker with SIGKILL; the portal starts another by itself."""
    [worker] = portal.processes()["jobs"]
    kill(worker)
    until(lambda: portal.processes()["jobs"] not in ([], [worker]), "another worker")


def _ended(portal: Portal) -> Any:
    until(lambda: jobs(portal, "pass")[-1]["state"] in ("done", "dead"), "the job is over")
    return jobs(portal)[-1]["state"]
