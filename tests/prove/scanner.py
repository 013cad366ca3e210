"""The virus scanner fails while messages with attachments are sent.

It is unavailable, hangs, breaks off or answers nonsense. Messages are sent all the same and no
page waits. Their files "worden gecontroleerd", and nobody can open an unscanned one. When the
scanner is back, all are scanned and can be opened. A scanner that hangs delays no e-mail.
"""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from hashlib import sha256
from typing import Any

from .diary import Diary, differences
from .lanes import Lane
from .mail import ask_for_link, jobs
from .mail_server import TIMEOUT, until
from .portal import Portal, portals
from .report import failed, say

MODES = ["is away", "hangs", "breaks off", "talks nonsense"]
PER_MODE = 3  # messages


def prove(*, modes: list[str] = MODES) -> str:
    faults: list[str] = []
    with portals() as make:
        clamd = Clamd()
        portal, world = make(1, PORTAAL_SCANNER=f"clamd://127.0.0.1:{clamd.port}")
        portal.start(workers=1)
        diary = Diary(portal.data.parent / "diary")
        lane = Lane(0, portal.port, world, diary)
        try:
            lane.log_in()
            lane.open_dossier()
            for mode in modes:
                faults += [f"{mode}: {fault}" for fault in _prove_mode(portal, clamd, lane, mode)]
            sent = [act for act in diary.snapshot() if act["kind"] == "send"]
            faults += lane.faults + differences(diary.snapshot(), portal.facts())
        finally:
            clamd.set_mode("scans")
            portal.kill()
            clamd.close()
        faults += portal.self_check()
    failed("scanner", faults)
    amount = f"{len(sent)} messages with {sum(len(act['files']) for act in sent)} attachments"
    return (
        f"{len(modes)} ways to fail; {amount}, "
        "none opened unscanned, all scanned and open afterwards"
    )


def _prove_mode(portal: Portal, clamd: Clamd, lane: Lane, mode: str) -> list[str]:
    """Send messages while the scanner fails in one way, then let it work; return the defects."""
    clamd.set_mode(mode)
    sent = []
    while len(sent) < PER_MODE:
        lane.write_to_office()
        act = lane.diary.acts[-1]
        if act["files"]:
            sent.append(act)
    if mode == "is away":
        until(
            lambda: any(job["attempts"] > 0 and job["state"] != "done" for job in jobs(portal)),
            "a try",
        )
    else:
        until(lambda: clamd.connections > 0, "a try")
    if mode == "hangs":
        ask_for_link(portal, lane.email)
        until(
            lambda: any(
                job["task"].endswith("password_link") and job["state"] == "done"
                for job in jobs(portal)
            ),
            "an e-mail",
        )
    faults = [
        fault
        for act, attachments in _with_attachments(portal, sent)
        for fault in _closed(lane, act, attachments)
    ]
    clamd.set_mode("scans")
    until(
        lambda: all(job["state"] in ("done", "dead") for job in jobs(portal, "pass")),
        "all are scanned",
    )
    faults += [fault for act in sent for fault in _open(lane, act, clamd)]
    files = sum(len(act["files"]) for act in sent)
    say(f"  scanner: it {mode}, {len(sent)} messages, {files} attachments")
    return faults


def _closed(lane: Lane, act: dict[str, Any], attachments: list[str]) -> list[str]:
    """Check that both sides see the files as being checked, and get 409 when opening one."""
    page, faults = _message(lane, act), []
    if page.count("wordt gecontroleerd") < len(act["files"]) or "/bestand/" in page:
        faults.append(f"{act['subject']}: not shown as being checked, or offered")
    for attachment in attachments:
        for visitor, path in (
            (lane.client, f"/bijlagen/{attachment}/"),
            (lane.office, f"/kantoor/bijlagen/{attachment}/"),
        ):
            statuses = [visitor.get(f"{path}{way}/").status for way in ("bestand", "inzage")]
            faults += [] if statuses == [409, 409] else [f"{path}: given out unscanned, {statuses}"]
    return faults


def _open(lane: Lane, act: dict[str, Any], clamd: Clamd) -> list[str]:
    """Check that the client can open each file, and that it was scanned."""
    links = re.findall(r'href="(/bijlagen/[^/"]+/bestand/)"', _message(lane, act))
    hashes = [sha256(lane.client.get(link).body).hexdigest() for link in dict.fromkeys(links)]
    faults = [] if hashes == act["files"] else [f"{act['subject']}: its files open as {hashes}"]
    return faults + [
        f"{act['subject']}: open and never scanned" for sha in hashes if sha not in clamd.passed
    ]


def _message(lane: Lane, act: dict[str, Any]) -> str:
    """Return the client's page of a message."""
    overview = lane.fetch(lane.client, f"/dossiers/{act['dossier']}/berichten/").text
    before = overview.partition(act["subject"])[0]
    return lane.fetch(lane.client, re.findall(r'href="(/berichten/[^/"]+/)"', before)[-1]).text


def _with_attachments(
    portal: Portal, acts: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], list[str]]]:
    """Return each act with the ids of its attachments."""
    messages = portal.facts()["messages"]
    matches = [
        [message for message in messages if message["subject"] == act["subject"]] for act in acts
    ]
    return [(act, message["attachments"]) for act, [message] in zip(acts, matches, strict=True)]


class Clamd:
    """Listens as clamd does, and fails on request.

    `passed` are the hashes of the files that it called clean.
    """

    def __init__(self) -> None:
        self.mode, self.connections, self.passed = "scans", 0, set[str]()
        self._changed = threading.Event()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._listener: socket.socket | None = None
        self._open()

    def set_mode(self, mode: str) -> None:
        """Change the mode; hanging connections are dropped without an answer."""
        self._changed.set()
        self._changed, self.mode, self.connections = threading.Event(), mode, 0
        if mode == "is away":
            self.close()
        elif self._listener is None:
            self._open()

    def close(self) -> None:
        if self._listener:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)  # wakes the accepting thread
            self._listener.close()
            self._listener = None

    def _open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                line, _address = listener.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        mode, changed = self.mode, self._changed
        with line, suppress(OSError), line.makefile("rb") as stream:
            if mode == "breaks off":
                return
            stream.read(len(b"zINSTREAM\0"))
            content = sha256()
            while length := int.from_bytes(stream.read(4), "big"):
                content.update(stream.read(length))
            if mode == "hangs":
                changed.wait(TIMEOUT)
            elif mode == "talks nonsense":
                line.sendall(b"stream: perhaps\0")
            else:
                self.passed.add(content.hexdigest())
                line.sendall(b"stream: OK\0")
