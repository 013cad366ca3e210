"""C14: the virus scanner is away, hangs, breaks off or talks nonsense while messages with attachments are sent.

A message is sent all the same, and no page waits; its files "worden gecontroleerd", and nobody opens one that was not scanned.
When the scanner is back all of them are scanned, and open. One that hangs holds up no e-mail.
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
from .portal import Portal, portals
from .postman import PATIENCE, until
from .report import failed, say

MODES = ["is away", "hangs", "breaks off", "talks nonsense"]
PER_MODE = 3  # messages


def prove(*, modes: list[str] = MODES) -> str:
    faults: list[str] = []
    with portals() as make:
        warden = Warden()
        portal, world = make(1, PORTAAL_SCANNER=f"clamd://127.0.0.1:{warden.port}")
        portal.start(workers=1)
        diary = Diary(portal.data.parent / "diary")
        lane = Lane(0, portal.port, world, diary)
        try:
            lane.enter()
            lane.open_dossier()
            for mode in modes:
                faults += [f"{mode}: {fault}" for fault in _through(portal, warden, lane, mode)]
            sent = [act for act in diary.snapshot() if act["what"] == "send"]
            faults += lane.faults + differences(diary.snapshot(), portal.facts())
        finally:
            warden.become("scans")
            portal.kill()
            warden.close()
        faults += portal.faults()
    failed("scanner", faults)
    said = f"{len(sent)} messages with {sum(len(act['files']) for act in sent)} attachments"
    return (
        f"{len(modes)} ways to fail; {said}, none opened unscanned, all scanned and open afterwards"
    )


def _through(portal: Portal, warden: Warden, lane: Lane, mode: str) -> list[str]:
    warden.become(mode)
    sent = []
    while len(sent) < PER_MODE:
        lane.write()
        act = lane.diary.acts[-1]
        if act["files"]:
            sent.append(act)
    if mode == "is away":
        until(
            lambda: any(job["attempts"] > 0 and job["state"] != "done" for job in jobs(portal)),
            "a try",
        )
    else:
        until(lambda: warden.visits > 0, "a try")
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
    warden.become("scans")
    until(
        lambda: all(job["state"] in ("done", "dead") for job in jobs(portal, "pass")),
        "all are scanned",
    )
    faults += [fault for act in sent for fault in _open(lane, act, warden)]
    say(
        f"  scanner: it {mode}, {len(sent)} messages, {sum(len(act['files']) for act in sent)} attachments"
    )
    return faults


def _closed(lane: Lane, act: dict[str, Any], attachments: list[str]) -> list[str]:
    """Both sides see the message and that its files are being checked; asking for one all the same is answered in words (409)."""
    page, faults = _message(lane, act), []
    if page.count("wordt gecontroleerd") < len(act["files"]) or "/bestand/" in page:
        faults.append(f"{act['subject']}: not said to be checked, or offered")
    for attachment in attachments:
        for who, path in (
            (lane.client, f"/bijlagen/{attachment}/"),
            (lane.office, f"/kantoor/bijlagen/{attachment}/"),
        ):
            found = [who.get(f"{path}{way}/").status for way in ("bestand", "inzage")]
            faults += [] if found == [409, 409] else [f"{path}: given out unscanned, {found}"]
    return faults


def _open(lane: Lane, act: dict[str, Any], warden: Warden) -> list[str]:
    links = re.findall(r'href="(/bijlagen/[^/"]+/bestand/)"', _message(lane, act))
    found = [sha256(lane.client.get(link).body).hexdigest() for link in dict.fromkeys(links)]
    faults = [] if found == act["files"] else [f"{act['subject']}: its files open as {found}"]
    return faults + [
        f"{act['subject']}: open and never scanned" for sha in found if sha not in warden.passed
    ]


def _message(lane: Lane, act: dict[str, Any]) -> str:
    """The client's page of a message."""
    overview = lane.look(lane.client, f"/dossiers/{act['dossier']}/berichten/").text
    before = overview.partition(act["subject"])[0]
    return lane.look(lane.client, re.findall(r'href="(/berichten/[^/"]+/)"', before)[-1]).text


def _with_attachments(
    portal: Portal, acts: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], list[str]]]:
    """Each act with the numbers of its attachments."""
    messages = portal.facts()["messages"]
    found = [
        [message for message in messages if message["subject"] == act["subject"]] for act in acts
    ]
    return [(act, message["attachments"]) for act, [message] in zip(acts, found, strict=True)]


class Warden:
    """Listens as clamd does, and fails as it is told. `passed` are the hashes of what it has called clean."""

    def __init__(self) -> None:
        self.mode, self.visits, self.passed = "scans", 0, set[str]()
        self._changed = threading.Event()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._listener: socket.socket | None = None
        self._open()

    def become(self, mode: str) -> None:
        """What hung before is let go, without an answer."""
        self._changed.set()
        self._changed, self.mode, self.visits = threading.Event(), mode, 0
        if mode == "is away":
            self.close()
        elif self._listener is None:
            self._open()

    def close(self) -> None:
        if self._listener:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)  # wakes the one that accepts
            self._listener.close()
            self._listener = None

    def _open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                line, _address = listener.accept()
                self.visits += 1
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
                changed.wait(PATIENCE)
            elif mode == "talks nonsense":
                line.sendall(b"stream: perhaps\0")
            else:
                self.passed.add(content.hexdigest())
                line.sendall(b"stream: OK\0")
