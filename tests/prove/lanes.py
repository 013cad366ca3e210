"""Lanes: somebody of the office and a client who go on publishing, changing and reading, and try again what got no answer."""

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

PER_DOSSIER = (
    10  # publications; then the lane opens another, so that pages stay as short as an office's are
)
SENDS_MAX = 90  # files that one lane sends by pieces: a login may begin a hundred in an hour
PAUSE = 0.02  # seconds between a try that got no answer and the next


class Stopped(Exception):
    """The lane was told to end; what it was doing stays in doubt."""


class Lane:
    """One lane: goes on until it is ended. `faults` are what no client should ever see."""

    def __init__(
        self, number: int, port: int, world: dict[str, Any], diary: Diary, *, largest: int = 400_000
    ) -> None:
        self.number, self.world, self.diary, self.largest = number, world, diary, largest
        self.chance = random.Random(number)
        self.office, self.client = Visitor(port), Visitor(port)
        self.entered, self.ending, self.stopping = (
            threading.Event(),
            threading.Event(),
            threading.Event(),
        )
        self.faults: list[str] = []
        self.answers: Counter[int] = Counter()
        self.dossier, self.number_given, self.party, self.steps = "", "", "", list[str]()
        self.status, self.done, self.messages = 0, set[str](), True
        self.published: list[Act] = []
        self.begun = 0
        self.attached: list[Act] = []  # files by pieces that no message has yet
        self.asked: list[str] = []  # messages of the office, for the client to answer
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self.enter()
            self.entered.set()
            while not (self.stopping.is_set() or self.ending.is_set()):
                self.step()
        except Stopped:
            pass
        except Exception as fault:
            self.faults.append(f"lane {self.number}: {type(fault).__name__}: {fault}")

    def step(self) -> None:
        """One act, or one look."""
        if len(self.published) % PER_DOSSIER == 0:
            self.open_dossier()
        self.publish()
        messages = [
            self.attach,
            self.tell,
            self.tell,
            self.write,
            self.write,
            self.answer,
            self.say_nothing,
        ]
        others = [self.change_status, self.tick, self.choose, self.read, self.enter_again]
        self.chance.choice([*messages, *others])()

    # The acts

    def publish(self) -> None:
        fields, files = self.form(f"Stuk {uuid4()}")
        content = files[0][2]
        sha = sha256(content).hexdigest()
        act = self.diary.intend(
            "publish", title=fields[0][1], dossier=self.dossier, sha256=sha, size=len(content)
        )
        self.submit(act, self.office, f"/kantoor/dossiers/{self.dossier}/", fields, files)
        self.published.append(act)

    def form(self, title: str) -> tuple[Fields, Files]:
        """What 'Publish a document' sends: its fields (the title first) and a file of any size."""
        fields = [
            ("title", title),
            ("kind", "document"),
            ("tab", "documents"),
            ("parties", self.party),
        ]
        return fields, [("file", "akte.pdf", self.paper())]

    def paper(self) -> bytes:
        """A PDF of any size."""
        size = int(self.largest ** self.chance.uniform(0.5, 1))
        return b"%PDF-1.7\n" + self.chance.randbytes(size) + b"\nstartxref\n9\n%%EOF\n"

    # Messages

    def tell(self) -> None:
        """The office writes to the client, with files in its form."""
        path = f"/kantoor/dossiers/{self.dossier}/berichten/nieuw/"
        if answer := self.send(
            self.office, path, [("parties", self.party)], notices=int(self.messages)
        ):
            self.asked.append(answer.location.split("/")[3])

    def write(self) -> None:
        """The client writes to the office, with what was sent by pieces before and with files in its form."""
        self.send(self.client, f"/dossiers/{self.dossier}/berichten/nieuw/", [])

    def answer(self) -> None:
        """The client answers the office."""
        if self.asked and self.is_open:
            self.send(self.client, f"/berichten/{self.asked.pop()}/antwoord/", [])

    def send(
        self, who: Visitor, path: str, fields: Fields, *, notices: int = 0, files_max: int = 2
    ) -> Answer | None:
        """A message until it is sent; None where the dossier is closed, which takes none."""
        if not self.is_open:
            return None
        before = self.attached[:2] if who is self.client else []
        self.attached = self.attached[len(before) :] if who is self.client else self.attached
        papers = [self.paper() for _ in range(self.chance.randrange(files_max + 1))]
        subject, body = f"Bericht {uuid4()}", f"Beste,\n{self.chance.randbytes(900).hex()}"
        shas = [act["sha256"] for act in before] + [sha256(paper).hexdigest() for paper in papers]
        facts = {
            "dossier": self.dossier,
            "body": sha256(body.encode()).hexdigest(),
            "files": shas,
            "notices": notices,
        }
        act = self.diary.intend("send", subject=subject, from_office=who is self.office, **facts)
        fields = [
            *fields,
            ("subject", subject),
            ("body", body),
            *(("files", each["upload"]) for each in before),
        ]
        return self.submit(
            act,
            who,
            path,
            fields,
            [("upload", f"{n}.pdf", paper) for n, paper in enumerate(papers)],
        )

    def say_nothing(self) -> None:
        """The client sends a message without a text: refused, with what it did say and its file still in the form."""
        if not self.is_open:
            return
        act = self.diary.intend("refused", subject=f"Leeg {uuid4()}")
        fields, files = (
            [("subject", act["subject"]), ("body", "")],
            [("upload", "bijlage.pdf", self.paper())],
        )
        while not act["told"]:
            try:
                answer = self.client.post(
                    f"/dossiers/{self.dossier}/berichten/nieuw/", fields, files
                )
            except NO_ANSWER:
                self.diary.doubt(act)
            else:
                self.answers[answer.status] += 1
                if (
                    answer.status == 400
                    and act["subject"] in answer.text
                    and "bijlage.pdf" in answer.text
                ):
                    self.diary.told(act)
                    return
                self._look_at(answer, "a message that says nothing")
            self._pause()

    @property
    def is_open(self) -> bool:
        return self.status == self.world["statuses"][0]

    # The dossier

    def open_dossier(self) -> None:
        number = f"P{uuid4().hex[:12]}"
        self.status = self.world["statuses"][0]
        act = self.diary.intend("open", number_given=number, status=self.status)
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
        page = self.look(self.office, f"/kantoor/dossiers/{self.dossier}/").text
        self.party = re.findall(r'name="parties" value="([^"]+)"', page)[0]
        page = self.look(self.office, f"/kantoor/dossiers/{self.dossier}/voortgang/").text
        self.steps = re.findall(r"/kantoor/stappen/([^/]+)/", page)
        self.done, self.attached, self.asked = set(), [], []

    def change_status(self) -> None:
        self.status = next(status for status in self.world["statuses"] if status != self.status)
        act = self.diary.intend("status", dossier=self.dossier, status=self.status)
        self.submit(
            act,
            self.office,
            f"/kantoor/dossiers/{self.dossier}/status/",
            [("status", str(self.status))],
        )

    def tick(self) -> None:
        step = self.chance.choice(self.steps)
        self.done ^= {step}
        act = self.diary.intend("step", step=step, done=step in self.done)
        self.submit(
            act,
            self.office,
            f"/kantoor/stappen/{step}/afronding/",
            [("done", "1" if act["done"] else "0")],
        )

    def choose(self) -> None:
        self.messages = not self.messages
        act = self.diary.intend("preference", email=self.email, messages=self.messages)
        fields = [("language", "nl"), ("documents", "on"), ("questionnaires", "on")]
        self.submit(
            act,
            self.client,
            "/mijn-gegevens/",
            fields + ([("messages", "on")] if self.messages else []),
        )

    def enter_again(self) -> None:
        """Another browser of the client logs in. No act that is done once: each login is a session of its own."""
        other = Visitor(self.client.port)
        if self._log_in(other, "/inloggen/", self.email):
            self.look(other, "/mijn-gegevens/")

    def read(self) -> None:
        """The client opens something that was published before: every byte, no answer at all, or word that it waits."""
        act = self.chance.choice(self.published)
        page = self.look(self.client, f"/dossiers/{act['dossier']}/documenten/").text
        row = page.partition(act["title"])[2].partition("</li>")[0]
        if "wordt gecontroleerd" in row:
            return
        link = re.search(r"/publicaties/[^/]+/bestand/", row)
        if link is None:
            self.faults.append(f"{act['title']}: the client does not see it")
        elif sha256(self.look(self.client, link[0]).body).hexdigest() != act["sha256"]:
            self.faults.append(f"{act['title']}: the client was given other bytes")

    def attach(self) -> None:
        """The client sends a file by pieces and goes on where it was cut off, now and then by its own line."""
        if not self.is_open or self.begun == SENDS_MAX:
            return  # a closed dossier takes none
        self.begun += 1
        content = self.paper()
        sha = sha256(content).hexdigest()
        act = self.diary.intend(
            "upload", dossier=self.dossier, sha256=sha, size=len(content), upload="", safe=0
        )
        while not act["told"]:
            try:
                self._go_on(act, content)
            except NO_ANSWER:
                self.diary.doubt(act)
                self._pause()
        self.attached.append(act)

    def _go_on(self, act: Act, content: bytes) -> None:
        """Begins; or asks how far it is, and sends the next piece."""
        if not act["upload"]:
            said = {"Upload_Length": str(len(content)), "Upload_Metadata": "filename YWt0ZS5wZGY="}
            answer = self.client.tus("POST", f"/dossiers/{act['dossier']}/bijlagen/", **said)
            if answer.status == 201:
                act["upload"] = answer.location.split("/")[-2]
            self._note(act, answer)
            return
        where = f"/bijlagen/{act['upload']}/"
        answer = self.client.tus("HEAD", where)
        if not self._note(act, answer) or act["told"]:
            return
        start = int(answer.offset)
        piece = content[start : start + max(1, int(len(content) * self.chance.uniform(0.1, 1)))]
        cut = self.chance.randrange(len(piece)) if self.chance.random() < 0.2 else None
        self._note(act, self.client.tus("PATCH", where, piece, cut=cut, Upload_Offset=str(start)))

    def _note(self, act: Act, answer: Answer) -> bool:
        """What the portal says is safe. False where it is busy, or another piece (one that was cut off) was still coming in."""
        self.answers[answer.status] += 1
        if answer.status not in (200, 201, 204):
            if answer.status != 409:
                self._look_at(answer, f"the upload {act['upload']}")
            self._pause()
            return False
        act["safe"] = int(answer.offset or 0)
        if act["safe"] == act["size"]:
            self.diary.told(act)
        return True

    # Asking

    @property
    def posting_from(self) -> int:
        return self.office.posting_from or self.client.posting_from

    @property
    def email(self) -> str:
        return str(self.world["lanes"][self.number]["email"])

    def submit(
        self, act: Act, who: Visitor, path: str, fields: Fields, files: Files | None = None
    ) -> Answer:
        """Sends a form until the portal says that it is done: each time with the same number, as a browser's retry is."""
        fields = [("submission", str(uuid4())), *fields]
        while True:
            try:
                answer = who.post(path, fields, files)
            except NO_ANSWER:
                self.diary.doubt(act)
            else:
                self.answers[answer.status] += 1
                if answer.is_done:
                    self.diary.told(act)
                    return answer
                self._look_at(answer, path)
                self.diary.doubt(act)
            self._pause()

    def look(self, who: Visitor, path: str) -> Answer:
        while True:
            try:
                answer = who.get(path)
                self.answers[answer.status] += 1
                if answer.status == 200:
                    return answer
                self._look_at(answer, path)
            except NO_ANSWER:
                pass
            self._pause()

    def enter(self) -> None:
        for who, door, email in (
            (self.office, "/kantoor/inloggen/", self.world["handler"]),
            (self.client, "/inloggen/", self.email),
        ):
            if not self._log_in(who, door, email):
                raise AssertionError(f"{email} cannot log in: tried too often")

    def _log_in(self, who: Visitor, door: str, email: str) -> bool:
        """False when it was tried too often: each try that was killed half-way counts as one, and that is right."""
        while True:
            try:
                answer = who.log_in(door, email, self.world["password"])
            except NO_ANSWER:
                pass
            else:
                if answer.is_done or answer.status == 429:
                    return answer.is_done
                self._look_at(answer, door)
            self._pause()

    def _look_at(self, answer: Answer, path: str) -> None:
        """An answer that is not what was asked: busy (503) is honest, anything else is not."""
        if answer.status != 503:
            self.faults.append(f"{path}: {answer.status} {answer.location}")
            if len(self.faults) > 20:
                raise AssertionError("too much goes wrong to go on")

    def _pause(self) -> None:
        if self.stopping.wait(PAUSE):
            raise Stopped


def run(lanes: list[Lane]) -> None:
    """Starts the lanes, one after the other, each when the one before it is logged in."""
    for lane in lanes:
        lane.thread.start()
        if not lane.entered.wait(60):
            raise AssertionError(f"lane {lane.number} cannot begin: {lane.faults}")


def end(lanes: list[Lane], *, in_doubt: bool = False) -> None:
    """Ends the lanes: each after what it was doing, so that nothing is in doubt; or with `in_doubt` where it stands, for a portal
    that does not come back. Raises when one does not end."""
    for lane in lanes:
        (lane.stopping if in_doubt or lane.faults else lane.ending).set()
    for lane in lanes:
        lane.thread.join(90)
        if lane.thread.is_alive():
            raise AssertionError(f"lane {lane.number} hangs")
