"""Downloads: a file shown or saved, and several in one ZIP."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile

import pytest
from django.urls import reverse
from django.utils.http import content_disposition_header
from tests.faces.matrix import browser_of
from tests.people import PDF, Cast, store
from tests.stores import DiskHands

from portaal.domain.files.models import StoredFile
from portaal.domain.files.sealing import CHUNK_BYTES
from portaal.domain.keys.crypto import Tampered
from portaal.faces.shared.downloads import POLICY, file_response, zip_response


def kept(cast: Cast, name: str = "akte.pdf", *, content: bytes = PDF) -> StoredFile:
    return store(cast.users["marieke"], cast.dossiers["purchase"], content=content, name=name)


def called(cast: Cast, *names: str) -> list[StoredFile]:
    """Return files with these names."""
    files = [kept(cast) for _ in names]
    for file, name in zip(files, names, strict=True):
        file.name = name
    return files


@pytest.mark.parametrize("content_type", ["application/pdf", "image/jpeg", "image/png"])
def test_inline_file_is_sandboxed(cast: Cast, content_type: str):
    file = kept(cast, "akte “één”.pdf")
    file.content_type = content_type
    answer = file_response(file.opened(), inline=True)
    assert answer.headers["Content-Disposition"].startswith("inline; filename")
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert POLICY.startswith("default-src 'none'; sandbox; ")
    assert b"".join(answer) == PDF


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "text/html", "image/svg+xml", "image/heic", "application/octet-stream"],
)
def test_file_that_browsers_cannot_show_is_saved(cast: Cast, content_type: str):
    file = kept(cast)
    file.content_type = content_type
    assert (
        file_response(file.opened(), inline=True).headers["Content-Disposition"]
        == 'attachment; filename="akte.pdf"'
    )


@pytest.mark.parametrize(
    ("title", "saved"),
    [
        ("Concept akte", "Concept akte.PDF"),
        ("Akte t.b.v. mevrouw Jansen-de Vries", "Akte t.b.v. mevrouw Jansen-de Vries.PDF"),
        ("Nota 1/2: borg\\rente", "Nota 1-2 borg-rente.PDF"),
        ("akte.pdf", "akte.PDF"),
        ("Akte nr. 2.", "Akte nr. 2.PDF"),
        ("../../etc/passwd", "-..-etc-passwd.PDF"),
        ("rechn\u202efdp.exe", "rechnfdp.exe.PDF"),
        ('a"; filename="b.exe\r\nX: y', "a; filename=b.exeX y.PDF"),
        ("CON", "_CON.PDF"),
        ("a" * 300, f"{'a' * 146}.PDF"),
        ("?", "brief van 3 mei.PDF"),
        (" ... ", "brief van 3 mei.PDF"),
    ],
)
def test_client_saves_publication_under_its_title(cast: Cast, title: str, saved: str):
    (file,) = called(cast, "brief van 3 mei.PDF")
    answer = file_response(file.opened(), name=title)
    assert answer.headers["Content-Disposition"] == content_disposition_header(True, saved)


def test_office_saves_publication_under_its_file_name(cast: Cast):
    publication = cast.publications["sanne"]
    names = [
        browser_of(cast.users[who])
        .get(reverse(f"{face}:download", args=[publication.pk]))
        .headers["Content-Disposition"]
        for face, who in (("client", "sanne"), ("office", "marieke"))
    ]
    assert names == ['attachment; filename="Voor sanne.pdf"', 'attachment; filename="akte.pdf"']


@pytest.mark.parametrize(("face", "who"), [("client", "sanne"), ("office", "marieke")])
def test_cross_site_request_gets_no_file(cast: Cast, face: str, who: str):
    browser, path = (
        browser_of(cast.users[who]),
        reverse(f"{face}:download", args=[cast.publications["sanne"].pk]),
    )
    sites = ["same-origin", "none", "same-site", "cross-site"]
    assert [browser.get(path, headers={"Sec-Fetch-Site": site}).status_code for site in sites] == [
        200,
        200,
        200,
        403,
    ]
    assert browser.get(path).status_code == 200  # an older browser does not say


def test_zip_holds_every_file_whole(cast: Cast):
    large = PDF[:9] + bytes(range(256)) * 1000 + PDF[9:]
    files = [kept(cast, "brief.pdf"), kept(cast, "паспорт één.pdf", content=large)]
    answer = zip_response(files, "stukken: 2026/1.zip")
    archive = ZipFile(io.BytesIO(b"".join(answer)))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="1.zip"'
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert archive.testzip() is None
    assert {entry.filename: archive.read(entry) for entry in archive.infolist()} == {
        "brief.pdf": PDF,
        "паспорт één.pdf": large,
    }
    assert [entry.compress_type for entry in archive.infolist()] == [ZIP_STORED] * 2
    assert archive.infolist()[1].flag_bits & 0x800  # the name is UTF-8


def test_names_in_zip_are_unique(cast: Cast):
    files = called(
        cast, "akte.pdf", "AKTE.pdf", "akte.pdf", "akte (2).pdf", "Straße.pdf", "STRASSE.pdf"
    )
    names = ZipFile(io.BytesIO(b"".join(zip_response(files, "a.zip")))).namelist()
    assert names == [
        "akte.pdf",
        "AKTE (2).pdf",
        "akte (3).pdf",
        "akte (2) (2).pdf",
        "Straße.pdf",
        "STRASSE (2).pdf",
    ]


def test_no_file_name_leads_outside_the_zip(cast: Cast, tmp_path: Path):
    """A tool that trusts the names in a ZIP is safe too."""
    hostile = [
        "../../etc/passwd",
        "/abs.pdf",
        "C:\\x.pdf",
        "..",
        "a\0b.pdf",
        "map/",
        "..\\..\\x.pdf",
        "CON.pdf",
        "x\r\ny.pdf",
    ]
    whole = b"".join(zip_response(called(cast, *hostile), "a.zip"))
    names = ZipFile(io.BytesIO(whole)).namelist()
    assert names == [
        "passwd",
        "abs.pdf",
        "x.pdf",
        "document",
        "ab.pdf",
        "document (2)",
        "x (2).pdf",
        "_CON.pdf",
        "xy.pdf",
    ]
    (tmp_path / "a.zip").write_bytes(whole)
    inside = tmp_path / "in" / "side"
    inside.mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-m", "zipfile", "-e", str(tmp_path / "a.zip"), str(inside)], check=True
    )
    assert sorted(path.name for path in inside.iterdir()) == sorted(names)
    assert [path for path in tmp_path.rglob("*.pdf") if inside not in path.parents] == []


def test_zip_is_streamed(cast: Cast):
    """Memory holds at most one chunk of a file."""
    size = CHUNK_BYTES
    large = PDF[:9] + b"x" * 8 * size + PDF[9:]
    chunks = list(zip_response([kept(cast, content=large)], "a.zip"))
    assert size < 300_000
    assert len(chunks) > 8
    assert max(map(len, chunks)) < size + 1000


@pytest.mark.parametrize("place", [20, -1])
def test_tampered_file_breaks_off_the_zip(cast: Cast, settings: Any, place: int):
    file = kept(cast, content=PDF[:9] + b"x" * 300_000 + PDF[9:])
    hands = DiskHands(settings.FILES_DIR)
    changed = bytearray(hands.read(file.pk))
    changed[place] ^= 1
    hands.write(file.pk, bytes(changed))
    came = bytearray()
    with pytest.raises(Tampered):
        for piece in zip_response([kept(cast), file, kept(cast)], "a.zip"):
            came += piece
    assert came
    with pytest.raises(BadZipFile):
        ZipFile(io.BytesIO(bytes(came)))


def test_download_is_sandboxed(cast: Cast):
    publication = cast.publications["sanne"]
    answer = browser_of(cast.users["sanne"]).get(f"/publicaties/{publication.pk}/bestand/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Voor sanne.pdf"'
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
