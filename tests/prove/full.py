"""The disk fills while messages are sent, up to the reserve or to the last byte.

Below the reserve, logging in, reading and sending without files still work; a message with a
file is refused in words, with its text in the form. Without a free byte the portal may answer
"busy". Refused messages are absent, and with free space everything works again.
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
from .power import disk, unavailable_reason
from .report import Skipped, failed, say
from .visitor import Answer, Fields, Files, Visitor

SIZE, FLOOR_MB = "96M", 16
WORDS = "geen ruimte voor bestanden"


def prove(*, rounds: int = 5) -> str:
    if reason := unavailable_reason():
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
                lane.log_in()
                lane.open_dossier()
                for number in range(rounds):
                    for left in (FLOOR_MB * 1024 * 1024 // 2, 0):
                        with filled(folder / "disk" / "filler", left=left):
                            problems, status = _try(lane, world, is_full=not left)
                        faults += [
                            f"round {number}, {left} bytes left: {fault}" for fault in problems
                        ]
                        answers[status] += 1
                        lane.write_to_office()
                        lane.write_to_client()
                    say(f"  full: round {number + 1} of {rounds}")
                acts = diary.snapshot()
                faults += lane.faults + differences(acts, portal.facts())
            finally:
                portal.kill()
            faults += portal.self_check()
    failed("full", faults)
    sent = sum(act["kind"] == "send" for act in acts)
    return (
        f"{2 * rounds} times full; {answers[400]} messages refused with their text in the form, "
        f"{answers[503]} with the page that says busy, none of them present; "
        f"{sent} others sent; 0 lost, 0 half"
    )


def _try(lane: Lane, world: dict[str, Any], *, is_full: bool) -> tuple[list[str], int]:
    """Use the portal as a client while the disk is full.

    Returns the defects and the status of a message with a file.
    """
    client, faults = lane.client, []
    path = f"/dossiers/{lane.dossier}/berichten/nieuw/"
    subject = f"Vol {uuid4()}"
    lane.diary.intend("refused", subject=subject)
    fields: Fields = [
        ("submission", str(uuid4())),
        ("subject", subject),
        ("body", "Beste,\nlang over nagedacht"),
    ]
    files: Files = [("upload", "bijlage.pdf", lane.make_pdf())]
    answer = client.post(path, fields, files)
    if not _is_honest(answer, is_full=is_full):
        faults.append(f"a message with a file: {answer.status} {answer.text[:200]}")
    headers = {"Upload_Length": "900", "Upload_Metadata": "filename YWt0ZS5wZGY="}
    upload = client.tus("POST", f"/dossiers/{lane.dossier}/bijlagen/", **headers)
    if upload.status not in ((503, 507) if is_full else (507,)) or "<html" in upload.text:
        faults.append(f"an upload in parts: {upload.status} {upload.text[:200]}")
    overview = client.get(f"/dossiers/{lane.dossier}/berichten/")
    if overview.status not in ((200, 503) if is_full else (200,)):
        faults.append(f"reading: {overview.status}")
    if client.get("/gezondheid").status != 503:
        faults.append("the health check does not report it")
    if not is_full:
        other = Visitor(client.port)
        if not other.log_in("/inloggen/", lane.email, world["password"]).is_done:
            faults.append("nobody can log in")
        lane.send(client, path, [], files_max=0)
    return faults, answer.status


def _is_honest(answer: Answer, *, is_full: bool) -> bool:
    """Return whether the refusal keeps the text, or is the busy page where no byte is free."""
    if answer.status == 400:
        return WORDS in answer.text and "lang over nagedacht" in answer.text
    return is_full and answer.status == 503 and "<h1>" in answer.text


@contextmanager
def filled(filler: Path, *, left: int) -> Iterator[None]:
    """Fill the disk while the context lasts, except for `left` bytes.

    With 0 the disk itself must have reported that it is full.
    """
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
    except OSError as error:  # earlier than expected: ext4 reserves some blocks
        if left or error.errno != ENOSPC:
            raise


def _free(folder: Path) -> int:
    stats = os.statvfs(folder)
    return stats.f_bfree * stats.f_frsize
