"""Lanes: a handler and a client that publish, change, read and repeat unanswered acts."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from hashlib import sha256
from typing import Any
from uuid import uuid4

from .diary import Act, Diary
from .visitor import NO_ANSWER, Answer, Fields, Files, Visitor

# Publications in a dossier before the lane opens another, so that pages stay of a usual length.
PER_DOSSIER = 10
UPLOADS_MAX = 90  # uploads of one lane; a login may create a hundred an hour
PAUSE = 0.02  # seconds before an unanswered attempt is repeated


class Stopped(Exception):
    """Raised in a lane that must end at once; its present act stays unanswered."""


class Lane:
    """One handler and one client, acting until ended.

    `faults` are answers that nobody should ever see.
    """

    def __init__(
        self, number: int, port: int, world: dict[str, Any], diary: Diary, *, largest: int = 400_000
    ) -> None:
        self.number, self.world, self.diary, self.largest = number, world, diary, largest
        self.rng = random.Random(number)
        self.office, self.client = Visitor(port), Visitor(port)
        self.logged_in, self.ending, self.stopping = (
            threading.Event(),
            threading.Event(),
            threading.Event(),
        )
        self.faults: list[str] = []
        self.answers: Counter[int] = Counter()
        self.dossier, self.dossier_number, self.party, self.steps = "", "", "", list[str]()
        self.status, self.done, self.wants_messages = 0, set[str](), True
        self.published: list[Act] = []
        self.uploads_begun = 0
        self.pending_uploads: list[Act] = []  # finished uploads that are in no message yet
        self.message_ids: list[
            str
        ] = []  # messages of the office that the client has not replied to
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self.log_in()
            self.logged_in.set()
            while not (self.stopping.is_set() or self.ending.is_set()):
                self.step()
        except Stopped:
            pass
        except Exception as error:
            self.faults.append(f"lane {self.number}: {type(error).__name__}: {error}")

    def step(self) -> None:
        """Publish, then do one other act or reading."""
        if len(self.published) % PER_DOSSIER == 0:
            self.open_dossier()
        self.publish()
        messages = [
            self.attach,
            self.write_to_client,
            self.write_to_client,
            self.write_to_office,
            self.write_to_office,
            self.reply_to_office,
            self.write_without_text,
        ]
        others = [
            self.change_status,
            self.toggle_step,
            self.change_preference,
            self.read,
            self.log_in_again,
        ]
        self.rng.choice([*messages, *others])()

    # The acts

    def publish(self) -> None:
        fields, files = self.publication_form(f"Stuk {uuid4()}")
        content = files[0][2]
        sha = sha256(content).hexdigest()
        act = self.diary.intend(
            "publish", title=fields[0][1], dossier=self.dossier, sha256=sha, size=len(content)
        )
        self.submit(act, self.office, f"/kantoor/dossiers/{self.dossier}/", fields, files)
        self.published.append(act)

    def publication_form(self, title: str) -> tuple[Fields, Files]:
        """Return the fields (the title first) and the file of the form "Publish a document"."""
        fields = [
            ("title", title),
            ("kind", "document"),
            ("tab", "documents"),
            ("parties", self.party),
        ]
        return fields, [("file", "akte.pdf", self.make_pdf())]

    def make_pdf(self) -> bytes:
        """Return a PDF of random size."""
        size = int(self.largest ** self.rng.uniform(0.5, 1))
        return b"%PDF-1.7\n" + self.rng.randbytes(size) + b"\nstartxref\n9\n%%EOF\n"

    # Messages

    def write_to_client(self) -> None:
        """Send a message of the office, with files in its form."""
        path = f"/kantoor/dossiers/{self.dossier}/berichten/nieuw/"
        if answer := self.send(
            self.office, path, [("parties", self.party)], notices=int(self.wants_messages)
        ):
            self.message_ids.append(answer.location.split("/")[3])

    def write_to_office(self) -> None:
        """Send a message of the client, with earlier uploads and with files in its form."""
        self.send(self.client, f"/dossiers/{self.dossier}/berichten/nieuw/", [])

    def reply_to_office(self) -> None:
        """Reply as the client to a message of the office."""
        if self.message_ids and self.is_open:
            self.send(self.client, f"/berichten/{self.message_ids.pop()}/antwoord/", [])

    def send(
        self, visitor: Visitor, path: str, fields: Fields, *, notices: int = 0, files_max: int = 2
    ) -> Answer | None:
        """Send a message until it is acknowledged; return None where the dossier is closed."""
        if not self.is_open:
            return None
        before = self.pending_uploads[:2] if visitor is self.client else []
        self.pending_uploads = (
            self.pending_uploads[len(before) :] if visitor is self.client else self.pending_uploads
        )
        pdfs = [self.make_pdf() for _ in range(self.rng.randrange(files_max + 1))]
        subject, body = f"Bericht {uuid4()}", f"Beste,\n{self.rng.randbytes(900).hex()}"
        shas = [act["sha256"] for act in before] + [sha256(pdf).hexdigest() for pdf in pdfs]
        facts = {
            "dossier": self.dossier,
            "body": sha256(body.encode()).hexdigest(),
            "files": shas,
            "notices": notices,
        }
        act = self.diary.intend(
            "send", subject=subject, from_office=visitor is self.office, **facts
        )
        fields = [
            *fields,
            ("subject", subject),
            ("body", body),
            *(("files", each["upload"]) for each in before),
        ]
        return self.submit(
            act,
            visitor,
            path,
            fields,
            [("upload", f"{n}.pdf", pdf) for n, pdf in enumerate(pdfs)],
        )

    def write_without_text(self) -> None:
        """Send a message without a text: refused, with its subject and file still in the form."""
        if not self.is_open:
            return
        act = self.diary.intend("refused", subject=f"Leeg {uuid4()}")
        fields, files = (
            [("subject", act["subject"]), ("body", "")],
            [("upload", "bijlage.pdf", self.make_pdf())],
        )
        while not act["acknowledged"]:
            try:
                answer = self.client.post(
                    f"/dossiers/{self.dossier}/berichten/nieuw/", fields, files
                )
            except NO_ANSWER:
                self.diary.mark_unanswered(act)
            else:
                self.answers[answer.status] += 1
                if (
                    answer.status == 400
                    and act["subject"] in answer.text
                    and "bijlage.pdf" in answer.text
                ):
                    self.diary.acknowledge(act)
                    return
                self._expect_busy(answer, "a message without a text")
            self._pause()

    @property
    def is_open(self) -> bool:
        return self.status == self.world["statuses"][0]

    # The dossier

    def open_dossier(self) -> None:
        number = f"P{uuid4().hex[:12]}"
        self.status = self.world["statuses"][0]
        act = self.diary.intend("open", dossier_number=number, status=self.status)
        fields = [
            ("number", number),
            ("description", "Levering"),
            ("type", str(self.world["type"])),
        ]
        fields += [("status", str(self.status)), ("handler", self.world["handler_id"])]
        answer = self.submit(act, self.office, "/kantoor/dossiers/nieuw/", fields)
        self.dossier = answer.location.split("/")[3]
        act = self.diary.intend("admit", dossier=self.dossier)
        fields = [
            ("client", self.world["lanes"][self.number]["client"]),
            ("role", "buyer"),
            ("access", "full"),
        ]
        self.submit(act, self.office, f"/kantoor/dossiers/{self.dossier}/partijen/nieuw/", fields)
        page = self.fetch(self.office, f"/kantoor/dossiers/{self.dossier}/").text
        self.party = re.findall(r'name="parties" value="([^"]+)"', page)[0]
        page = self.fetch(self.office, f"/kantoor/dossiers/{self.dossier}/voortgang/").text
        self.steps = re.findall(r"/kantoor/stappen/([^/]+)/", page)
        self.done, self.pending_uploads, self.message_ids = set(), [], []

    def change_status(self) -> None:
        self.status = next(status for status in self.world["statuses"] if status != self.status)
        act = self.diary.intend("status", dossier=self.dossier, status=self.status)
        self.submit(
            act,
            self.office,
            f"/kantoor/dossiers/{self.dossier}/status/",
            [("status", str(self.status))],
        )

    def toggle_step(self) -> None:
        step = self.rng.choice(self.steps)
        self.done ^= {step}
        act = self.diary.intend("step", step=step, done=step in self.done)
        self.submit(
            act,
            self.office,
            f"/kantoor/stappen/{step}/afronding/",
            [("done", "1" if act["done"] else "0")],
        )

    def change_preference(self) -> None:
        self.wants_messages = not self.wants_messages
        act = self.diary.intend("preference", email=self.email, messages=self.wants_messages)
        fields = [("language", "nl"), ("documents", "on"), ("questionnaires", "on")]
        self.submit(
            act,
            self.client,
            "/mijn-gegevens/",
            fields + ([("messages", "on")] if self.wants_messages else []),
        )

    def log_in_again(self) -> None:
        """Log in from another browser of the client.

        Not an act that happens once: each login is a session of its own.
        """
        other = Visitor(self.client.port)
        if self._log_in(other, "/inloggen/", self.email):
            self.fetch(other, "/mijn-gegevens/")

    def read(self) -> None:
        """Open an earlier publication as the client.

        The answer is every byte, none at all, or the notice that the file is being checked.
        """
        act = self.rng.choice(self.published)
        page = self.fetch(self.client, f"/dossiers/{act['dossier']}/documenten/").text
        row = page.partition(act["title"])[2].partition("</li>")[0]
        if "wordt gecontroleerd" in row:
            return
        link = re.search(r"/publicaties/[^/]+/bestand/", row)
        if link is None:
            self.faults.append(f"{act['title']}: the client does not see it")
        elif sha256(self.fetch(self.client, link[0]).body).hexdigest() != act["sha256"]:
            self.faults.append(f"{act['title']}: the client received other bytes")

    def attach(self) -> None:
        """Upload a file in parts as the client, resuming after breaks."""
        if not self.is_open or self.uploads_begun == UPLOADS_MAX:
            return
        self.uploads_begun += 1
        content = self.make_pdf()
        sha = sha256(content).hexdigest()
        act = self.diary.intend(
            "upload", dossier=self.dossier, sha256=sha, size=len(content), upload="", safe=0
        )
        while not act["acknowledged"]:
            try:
                self._continue_upload(act, content)
            except NO_ANSWER:
                self.diary.mark_unanswered(act)
                self._pause()
        self.pending_uploads.append(act)

    def _continue_upload(self, act: Act, content: bytes) -> None:
        """Create the upload, or ask for its offset and send the next part."""
        if not act["upload"]:
            headers = {
                "Upload_Length": str(len(content)),
                "Upload_Metadata": "filename YWt0ZS5wZGY=",
            }
            answer = self.client.tus("POST", f"/dossiers/{act['dossier']}/bijlagen/", **headers)
            if answer.status == 201:
                act["upload"] = answer.location.split("/")[-2]
            self._note_offset(act, answer)
            return
        path = f"/bijlagen/{act['upload']}/"
        answer = self.client.tus("HEAD", path)
        if not self._note_offset(act, answer) or act["acknowledged"]:
            return
        start = int(answer.offset)
        part = content[start : start + max(1, int(len(content) * self.rng.uniform(0.1, 1)))]
        cut = self.rng.randrange(len(part)) if self.rng.random() < 0.2 else None
        self._note_offset(
            act, self.client.tus("PATCH", path, part, cut=cut, Upload_Offset=str(start))
        )

    def _note_offset(self, act: Act, answer: Answer) -> bool:
        """Store the acknowledged offset of an upload.

        Returns False where the portal is busy, or still receives a part that was cut off.
        """
        self.answers[answer.status] += 1
        if answer.status not in (200, 201, 204):
            if answer.status != 409:
                self._expect_busy(answer, f"the upload {act['upload']}")
            self._pause()
            return False
        act["safe"] = int(answer.offset or 0)
        if act["safe"] == act["size"]:
            self.diary.acknowledge(act)
        return True

    # Requests

    @property
    def posting_from(self) -> int:
        return self.office.posting_from or self.client.posting_from

    @property
    def email(self) -> str:
        return str(self.world["lanes"][self.number]["email"])

    def submit(
        self, act: Act, visitor: Visitor, path: str, fields: Fields, files: Files | None = None
    ) -> Answer:
        """Post a form until the portal confirms it.

        All attempts have one submission id, as the retries of a browser.
        """
        fields = [("submission", str(uuid4())), *fields]
        while True:
            try:
                answer = visitor.post(path, fields, files)
            except NO_ANSWER:
                self.diary.mark_unanswered(act)
            else:
                self.answers[answer.status] += 1
                if answer.is_done:
                    self.diary.acknowledge(act)
                    return answer
                self._expect_busy(answer, path)
                self.diary.mark_unanswered(act)
            self._pause()

    def fetch(self, visitor: Visitor, path: str) -> Answer:
        while True:
            try:
                answer = visitor.get(path)
                self.answers[answer.status] += 1
                if answer.status == 200:
                    return answer
                self._expect_busy(answer, path)
            except NO_ANSWER:
                pass
            self._pause()

    def log_in(self) -> None:
        for visitor, door, email in (
            (self.office, "/kantoor/inloggen/", self.world["handler"]),
            (self.client, "/inloggen/", self.email),
        ):
            if not self._log_in(visitor, door, email):
                raise AssertionError(f"{email} cannot log in: rate limited")

    def _log_in(self, visitor: Visitor, door: str, email: str) -> bool:
        """Return False when the rate limit was exceeded; attempts that were killed count too."""
        while True:
            try:
                answer = visitor.log_in(door, email, self.world["password"])
            except NO_ANSWER:
                pass
            else:
                if answer.is_done or answer.status == 429:
                    return answer.is_done
                self._expect_busy(answer, door)
            self._pause()

    def _expect_busy(self, answer: Answer, path: str) -> None:
        """Record an unexpected answer as a defect, except "busy" (503)."""
        if answer.status != 503:
            self.faults.append(f"{path}: {answer.status} {answer.location}")
            if len(self.faults) > 20:
                raise AssertionError("too many defects to go on")

    def _pause(self) -> None:
        if self.stopping.wait(PAUSE):
            raise Stopped


def run(lanes: list[Lane]) -> None:
    """Start the lanes one by one, each after the previous one has logged in."""
    for lane in lanes:
        lane.thread.start()
        if not lane.logged_in.wait(60):
            raise AssertionError(f"lane {lane.number} cannot begin: {lane.faults}")


def end(lanes: list[Lane], *, in_doubt: bool = False) -> None:
    """End the lanes after their present act, so that every act has an answer.

    With `in_doubt` they stop at once, for a portal that does not return. Raises AssertionError when
    a lane does not end.
    """
    for lane in lanes:
        (lane.stopping if in_doubt or lane.faults else lane.ending).set()
    for lane in lanes:
        lane.thread.join(90)
        if lane.thread.is_alive():
            raise AssertionError(f"lane {lane.number} hangs")
