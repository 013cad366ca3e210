"""Stored files: storing, claiming, verifying and sweeping them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from tests.domain.together import at_once
from tests.people import PDF, Cast, open_dossier, store
from tests.snapshot import restore_cast
from tests.stores import Hands

from portaal.domain.documents.models import Publication
from portaal.domain.documents.verbs import publish
from portaal.domain.files.models import StoredFile
from portaal.domain.files.sealing import IncomingFile
from portaal.domain.files.sweep import ORPHAN_FOR, UNCLAIMED_FOR, sweep, verify
from portaal.domain.files.verbs import claim, store_file
from portaal.domain.keys.crypto import Tampered

MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def send(cast: Cast, content: bytes, *, name: str = "akte.pdf", limit: int = 10_000) -> StoredFile:
    incoming = IncomingFile(name, limit)
    incoming.write(content)
    dossier = cast.dossiers["purchase"]
    return store_file(
        incoming.finish(), by=cast.users["marieke"], vault=dossier.vault, dossier=dossier.pk
    )


def write_orphan(hands: Hands) -> UUID:
    """Write a blob that has no row."""
    blob_id = uuid4()
    hands.write(blob_id, b"x")
    return blob_id


def bytes_of(file: StoredFile) -> bytes:
    return b"".join(file.chunks())


def test_stored_file_has_the_bytes_that_were_sent(cast: Cast) -> None:
    file = send(cast, PDF)
    assert bytes_of(file) == PDF
    assert file.size == len(PDF)
    assert file.content_type == "application/pdf"


def test_stored_file_has_a_name_without_folders(cast: Cast) -> None:
    assert send(cast, PDF, name="C:\\mijn\\akte.pdf").name == "akte.pdf"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "leeg.pdf", "is empty"),
        (PDF + b"x" * 10_000, "groot.pdf", "is larger than"),
        (b"PK\x03\x04" + PDF, "zip.pdf", "is not a PDF"),
        (b"x" * 1000 + PDF, "later.pdf", "is not a PDF"),
        (b"<html>", "pagina.pdf", "is not a PDF"),
        (PDF, "akte.exe", "is not a PDF"),
        (PDF, "akte.pdf.exe", "is not a PDF"),
        (PDF, "pdf", "is not a PDF"),
        (PDF.replace(b"%%EOF", b""), "half.pdf", "is damaged"),
        (PDF.replace(b"startxref", b""), "half.pdf", "is damaged"),
        (PDF + b"x" * 5000, "staart.pdf", "is damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_file_that_is_not_a_complete_pdf_is_refused(
    cast: Cast, hands: Hands, content: bytes, name: str, words: str
) -> None:
    before = hands.ids()
    with pytest.raises(ValidationError, match=words):
        send(cast, content, name=name)
    assert hands.ids() == before
    assert not StoredFile.objects.filter(name=name).exists()


def test_file_of_exactly_the_limit_is_stored(cast: Cast) -> None:
    assert send(cast, PDF, limit=len(PDF)).size == len(PDF)


def test_aborted_file_leaves_nothing(hands: Hands) -> None:
    incoming = IncomingFile("akte.pdf", 1_000_000)
    incoming.write(b"x" * 200_000)
    incoming.abort()
    assert hands.ids() == set()
    assert hands.unfinished() == 0


def test_another_login_cannot_claim_a_file(cast: Cast) -> None:
    file = send(cast, PDF)
    with pytest.raises(PermissionDenied):
        claim(file, by=cast.users["joost"], vault=cast.dossiers["purchase"].vault)


def test_file_of_one_dossier_cannot_be_published_in_another(cast: Cast) -> None:
    file, by = send(cast, PDF), cast.users["marieke"]
    with pytest.raises(PermissionDenied):
        publish(
            cast.dossiers["holding"],
            by=by,
            file=file,
            title="Verkeerd",
            tab="documents",
            kind="letter",
            parties=[cast.parties["anker"]],
        )
    assert not Publication.objects.filter(title="Verkeerd").exists()
    assert StoredFile.objects.get(pk=file.pk).claimed_at is None


def test_file_is_claimed_once(cast: Cast) -> None:
    file, by, vault = send(cast, PDF), cast.users["marieke"], cast.dossiers["purchase"].vault
    claim(file, by=by, vault=vault)
    with pytest.raises(PermissionDenied):
        claim(file, by=by, vault=vault)


def test_one_of_two_concurrent_claims_succeeds(committed_cast: Cast) -> None:
    file = send(committed_cast, PDF)
    by, vault = committed_cast.users["marieke"], committed_cast.dossiers["purchase"].vault
    results = at_once(*[lambda: claim(file, by=by, vault=vault)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["PermissionDenied", "list"]


def contents_of(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_no_plain_byte_touches_the_store(hands: Hands) -> None:
    canary = b"KANARIE-0123456789"
    incoming = IncomingFile("akte.pdf", 10_000_000)
    incoming.write(PDF[:9] + canary * 400_000)  # more than one part of a multipart upload
    during = contents_of(hands.folder)
    incoming.write(PDF)
    stored = incoming.finish()
    after = contents_of(hands.folder)
    assert stored.size == 9 + len(canary) * 400_000 + len(PDF)
    assert len(after) == 1
    assert len(during) == 1
    assert len(during[0]) > 5_000_000
    plain = (b"KANARIE", b"%PDF", b"akte")
    assert [blob for blob in during + after if any(word in blob for word in plain)] == []


def test_path_in_the_store_does_not_show_the_file_name(cast: Cast, hands: Hands) -> None:
    send(cast, PDF, name="testament De Boer.pdf")
    names = {path.name for path in hands.folder.rglob("*") if path.is_file()}
    assert names == {str(pk) for pk in StoredFile.objects.values_list("pk", flat=True)}


def test_verify_finds_nothing_in_an_intact_store(cast: Cast) -> None:
    assert list(verify()) == []
    call_command("files", "verify")


def test_verify_names_missing_changed_and_orphaned_blobs(cast: Cast, hands: Hands) -> None:
    missing, changed, cut = (cast.publications[name].file for name in ("sanne", "emre", "ties"))
    hands.remove(missing.pk)
    sealed = hands.read(changed.pk)
    hands.write(changed.pk, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    hands.write(cut.pk, b"KP1\x01")
    orphan = write_orphan(hands)
    assert set(verify()) == {
        f"file {missing.pk}: its bytes are missing",
        f"file {changed.pk}: its bytes were changed",
        f"file {cut.pk}: its bytes were changed",
        f"blob {orphan}: no file names it (it goes after 2 days)",
    }
    with pytest.raises(CommandError, match="4 faults"):
        call_command("files", "verify")


def test_blob_of_one_file_under_the_id_of_another_raises_tampered(cast: Cast, hands: Hands) -> None:
    one, other = cast.publications["sanne"].file, cast.publications["emre"].file
    hands.write(other.pk, hands.read(one.pk))
    with pytest.raises(Tampered):
        other.chunks()


def test_blob_and_key_of_one_file_under_the_id_of_another_raise_tampered(
    cast: Cast, hands: Hands
) -> None:
    one, other = cast.publications["sanne"].file, cast.publications["emre"].file
    hands.write(other.pk, hands.read(one.pk))
    other.sealed_key = one.sealed_key
    with pytest.raises(Tampered):
        other.chunks()


def test_sweep_deletes_only_files_unclaimed_for_a_day(cast: Cast, hands: Hands) -> None:
    old, young = send(cast, PDF), send(cast, PDF)
    limit = timezone.now() - UNCLAIMED_FOR
    StoredFile.objects.filter(pk=old.pk).update(received_at=limit - MINUTE)
    StoredFile.objects.filter(pk=young.pk).update(received_at=limit + MINUTE)
    before = hands.ids()
    assert sweep() == 1
    assert before - hands.ids() == {old.pk}
    assert not StoredFile.objects.filter(pk=old.pk).exists()


def test_sweep_deletes_only_blobs_orphaned_for_two_days(cast: Cast, hands: Hands) -> None:
    old, young = write_orphan(hands), write_orphan(hands)
    claimed = cast.publications["sanne"].file.pk
    for blob_id, age in (
        (old, ORPHAN_FOR + MINUTE),
        (young, ORPHAN_FOR - MINUTE),
        (claimed, timedelta(days=900)),
    ):
        hands.set_back(blob_id, age)
    before = hands.ids()
    assert sweep() == 1
    assert before - hands.ids() == {old}


def test_claimed_file_is_kept_for_years(cast: Cast, hands: Hands) -> None:
    years = timedelta(days=3650)
    for blob_id in hands.ids():
        hands.set_back(blob_id, years)
    StoredFile.objects.update(received_at=timezone.now() - years)
    assert sweep() == 0
    assert list(verify()) == []


def test_file_of_a_new_dossier_has_its_vault(cast: Cast) -> None:
    by = cast.users["marieke"]
    dossier = open_dossier(cast, by, "2026.9")
    assert store(by, dossier).vault == dossier.vault
