"""C8: the disk runs full while messages are sent, first below the floor that the portal keeps free, then to the last byte.

Below the floor logging in, reading and sending without files go on; a message with a file is refused in words, its text in the
form. Where not a byte can be written the portal may say that it is busy. Nothing refused is there; with room again all goes on.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from io import FileIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from .diary import Diary, differences
from .lanes import Lane
from .portal import portals
from .power import disk, why_not
from .report import Skipped, failed, say
from .visitor import Answer, Fields, Files, Visitor

SIZE, FLOOR_MB = "96M", 16
WORDS = "geen ruimte voor bestanden"


def prove(*, rounds: int = 5) -> str:
    if reason := why_not():
        raise Skipped(reason)
    faults: list[str] = []
    answers = Counter[int]()
    with tempfile.TemporaryDirectory(prefix="portaal-prove-") as name, portals() as make:
        folder = Path(name)
        with disk(folder / "image", folder / "disk", size=SIZE):
            portal, world = make(
                1, data=folder / "disk" / "data", PORTAAL_FREE_SPACE_MB=str(FLOOR_MB)
            )
            portal.start()
            try:
                diary = Diary(folder / "diary")
                lane = Lane(0, portal.port, world, diary, largest=40_000)
                lane.enter()
                lane.open_dossier()
                for number in range(rounds):
                    for left in (FLOOR_MB * 1024 * 1024 // 2, 0):
                        with filled(folder / "disk" / "filler", left=left):
                            found, status = _try(lane, world, is_full=not left)
                        faults += [f"round {number}, {left} bytes left: {fault}" for fault in found]
                        answers[status] += 1
                        lane.write()
                        lane.tell()
                    say(f"  full: round {number + 1} of {rounds}")
                acts = diary.snapshot()
                faults += lane.faults + differences(acts, portal.facts())
            finally:
                portal.kill()
            faults += portal.faults()
    failed("full", faults)
    sent = sum(act["what"] == "send" for act in acts)
    said = f"{answers[400]} messages refused with their text in the form, {answers[503]} with the page that says busy"
    return (
        f"{2 * rounds} times full; {said}, none of them there; {sent} others sent; 0 lost, 0 half"
    )


def _try(lane: Lane, world: dict[str, Any], *, is_full: bool) -> tuple[list[str], int]:
    """What a client meets while there is no room; (what is wrong with it, the status of a message with a file)."""
    client, faults = lane.client, []
    path = f"/dossiers/{lane.dossier}/berichten/nieuw/"
    subject = f"Vol {uuid4()}"
    lane.diary.intend("refused", subject=subject)
    fields: Fields = [
        ("submission", str(uuid4())),
        ("subject", subject),
        ("body", "Beste,\nlang over nagedacht"),
    ]
    files: Files = [("upload", "bijlage.pdf", lane.paper())]
    answer = client.post(path, fields, files)
    if not _is_honest(answer, is_full=is_full):
        faults.append(f"a message with a file: {answer.status} {answer.text[:200]}")
    said = {"Upload_Length": "900", "Upload_Metadata": "filename YWt0ZS5wZGY="}
    upload = client.tus("POST", f"/dossiers/{lane.dossier}/bijlagen/", **said)
    if upload.status not in ((503, 507) if is_full else (507,)) or "<html" in upload.text:
        faults.append(f"a file by pieces: {upload.status} {upload.text[:200]}")
    overview = client.get(f"/dossiers/{lane.dossier}/berichten/")
    if overview.status not in ((200, 503) if is_full else (200,)):
        faults.append(f"reading: {overview.status}")
    if client.get("/gezondheid").status != 503:
        faults.append("whoever watches is not told")
    if not is_full:
        other = Visitor(client.port)
        if not other.log_in("/inloggen/", lane.email, world["password"]).is_done:
            faults.append("nobody can log in")
        lane.send(client, path, [], files_max=0)
    return faults, answer.status


def _is_honest(answer: Answer, *, is_full: bool) -> bool:
    """Refused with the text in the form, or where not a byte can be written with the page that says the portal is busy."""
    if answer.status == 400:
        return WORDS in answer.text and "lang over nagedacht" in answer.text
    return is_full and answer.status == 503 and "<h1>" in answer.text


@contextmanager
def filled(filler: Path, *, left: int) -> Iterator[None]:
    """As long as it lasts no more than `left` bytes of the disk are free; for 0 the disk itself has said that it is full."""
    try:
        with filler.open("wb", buffering=0) as out:
            _fill(out, filler.parent, left)
        yield
    finally:
        filler.unlink(missing_ok=True)
        os.sync()


def _fill(out: FileIO, folder: Path, left: int) -> None:
    try:
        while not left or _free(folder) > left:
            out.write(b"x" * min(_free(folder) - left, 1024 * 1024) or b"x")
    except OSError as fault:  # before it is, ext4 keeps some blocks to itself
        if left or fault.errno != ENOSPC:
            raise


def _free(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bfree * found.f_frsize
