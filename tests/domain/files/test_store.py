"""A file is taken in, waits for its sender alone, and lies sealed where nobody reads it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from tests.again import cast_again
from tests.domain.together import at_once
from tests.people import PDF, Cast, open_dossier, store
from tests.stores import Hands

from portaal.domain.documents.models import Publication
from portaal.domain.documents.verbs import publish
from portaal.domain.files.intake import IncomingFile
from portaal.domain.files.models import StoredFile
from portaal.domain.files.sweep import ORPHAN_FOR, UNCLAIMED_FOR, sweep, verify
from portaal.domain.files.verbs import claim, store_file
from portaal.domain.keys.crypto import Tampered

MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_again()


def send(cast: Cast, content: bytes, *, name: str = "akte.pdf", limit: int = 10_000) -> StoredFile:
    incoming = IncomingFile(name, limit)
    incoming.write(content)
    dossier = cast.dossiers["purchase"]
    return store_file(
        incoming.finish(), by=cast.users["marieke"], vault=dossier.vault, dossier=dossier.pk
    )


def orphan(hands: Hands) -> UUID:
    name = uuid4()
    hands.write(name, b"x")
    return name


def test_a_file_comes_back_as_it_was_sent(cast: Cast) -> None:
    file = send(cast, PDF, name="C:\\mijn\\akte.pdf")
    assert (b"".join(file.chunks()), file.name, file.size, file.content_type) == (
        PDF,
        "akte.pdf",
        len(PDF),
        "application/pdf",
    )


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
def test_what_is_no_whole_pdf_is_refused_and_nothing_is_left(
    cast: Cast, hands: Hands, content: bytes, name: str, words: str
) -> None:
    before = hands.ids()
    with pytest.raises(ValidationError, match=words):
        send(cast, content, name=name)
    assert (hands.ids(), StoredFile.objects.filter(name=name).count()) == (before, 0)


def test_a_file_of_exactly_the_limit_is_taken(cast: Cast) -> None:
    assert send(cast, PDF, limit=len(PDF)).size == len(PDF)


def test_a_file_given_up_halfway_leaves_nothing(hands: Hands) -> None:
    incoming = IncomingFile("akte.pdf", 1_000_000)
    incoming.write(b"x" * 200_000)
    incoming.abort()
    assert (hands.ids(), hands.unfinished()) == (set(), 0)


def test_another_login_cannot_take_a_file_that_waits(cast: Cast) -> None:
    file = send(cast, PDF)
    with pytest.raises(PermissionDenied):
        claim(file, by=cast.users["joost"], vault=cast.dossiers["purchase"].vault)


def test_a_file_sent_for_one_dossier_cannot_be_used_in_another(cast: Cast) -> None:
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
    assert (
        Publication.objects.filter(title="Verkeerd").count(),
        StoredFile.objects.get(pk=file.pk).claimed_at,
    ) == (0, None)


def test_a_file_is_used_once(cast: Cast) -> None:
    file, by, vault = send(cast, PDF), cast.users["marieke"], cast.dossiers["purchase"].vault
    claim(file, by=by, vault=vault)
    with pytest.raises(PermissionDenied):
        claim(file, by=by, vault=vault)


def test_two_at_once_cannot_both_use_a_file(committed_cast: Cast) -> None:
    file = send(committed_cast, PDF)
    by, vault = committed_cast.users["marieke"], committed_cast.dossiers["purchase"].vault
    got = at_once(*[lambda: claim(file, by=by, vault=vault)] * 2)
    assert sorted(type(one).__name__ for one in got) == ["PermissionDenied", "list"]


def test_no_clear_byte_touches_the_store(hands: Hands) -> None:
    canary = b"KANARIE-0123456789"
    incoming = IncomingFile("akte.pdf", 10_000_000)
    incoming.write(PDF[:9] + canary * 400_000)  # more than one part of an object store
    during = [path.read_bytes() for path in hands.folder.rglob("*") if path.is_file()]
    incoming.write(PDF)
    received = incoming.finish()
    after = [path.read_bytes() for path in hands.folder.rglob("*") if path.is_file()]
    assert (len(during), len(after), received.size) == (1, 1, 9 + 18 * 400_000 + len(PDF))
    assert len(during[0]) > 5_000_000
    assert [
        part for part in during + after if b"KANARIE" in part or b"%PDF" in part or b"akte" in part
    ] == []


def test_the_name_in_the_store_says_nothing(cast: Cast, hands: Hands) -> None:
    send(cast, PDF, name="testament De Boer.pdf")
    lying = {path.name for path in hands.folder.rglob("*") if path.is_file()}
    assert lying == {str(pk) for pk in StoredFile.objects.values_list("pk", flat=True)}


def test_a_whole_store_has_no_faults(cast: Cast) -> None:
    assert list(verify()) == []
    call_command("files", "verify")


def test_faults_name_what_is_missing_changed_and_nobodys(cast: Cast, hands: Hands) -> None:
    missing, changed, cut = (cast.publications[name].file for name in ("sanne", "emre", "ties"))
    hands.remove(missing.pk)
    whole = hands.read(changed.pk)
    hands.write(changed.pk, whole[:-1] + bytes([whole[-1] ^ 1]))
    hands.write(cut.pk, b"KP1\x01")
    lost = orphan(hands)
    assert set(verify()) == {
        f"file {missing.pk}: its bytes are missing",
        f"file {changed.pk}: its bytes were changed",
        f"file {cut.pk}: its bytes were changed",
        f"blob {lost}: no file names it (it goes after 2 days)",
    }
    with pytest.raises(CommandError, match="4 faults"):
        call_command("files", "verify")


def test_the_bytes_of_one_file_put_in_anothers_place_are_refused(cast: Cast, hands: Hands) -> None:
    one, other = cast.publications["sanne"].file, cast.publications["emre"].file
    hands.write(other.pk, hands.read(one.pk))
    with pytest.raises(Tampered):
        other.chunks()


def test_the_key_of_one_file_put_in_anothers_row_is_refused(cast: Cast, hands: Hands) -> None:
    one, other = cast.publications["sanne"].file, cast.publications["emre"].file
    hands.write(other.pk, hands.read(one.pk))
    other.sealed_key = one.sealed_key
    with pytest.raises(Tampered):
        other.chunks()


def test_sweeping_removes_only_what_nobody_claimed_in_a_day(cast: Cast, hands: Hands) -> None:
    old, young = send(cast, PDF), send(cast, PDF)
    StoredFile.objects.filter(pk=old.pk).update(received_at=timezone.now() - UNCLAIMED_FOR - MINUTE)
    StoredFile.objects.filter(pk=young.pk).update(
        received_at=timezone.now() - UNCLAIMED_FOR + MINUTE
    )
    before = hands.ids()
    assert (sweep(), before - hands.ids()) == (1, {old.pk})
    assert not StoredFile.objects.filter(pk=old.pk).exists()


def test_sweeping_removes_only_blobs_that_are_nobodys_for_two_days(
    cast: Cast, hands: Hands
) -> None:
    old, young, used = orphan(hands), orphan(hands), cast.publications["sanne"].file.pk
    for name, age in (
        (old, ORPHAN_FOR + MINUTE),
        (young, ORPHAN_FOR - MINUTE),
        (used, timedelta(days=900)),
    ):
        hands.set_back(name, age)
    before = hands.ids()
    assert (sweep(), before - hands.ids()) == (1, {old})


def test_a_file_in_use_is_kept_for_years(cast: Cast, hands: Hands) -> None:
    years = timedelta(days=3650)
    for name in hands.ids():
        hands.set_back(name, years)
    StoredFile.objects.update(received_at=timezone.now() - years)
    assert (sweep(), list(verify())) == (0, [])


def test_a_file_received_for_a_new_dossier_is_tied_to_its_vault(cast: Cast) -> None:
    by = cast.users["marieke"]
    dossier = open_dossier(cast, by, "2026.9")
    assert store(by, dossier).vault == dossier.vault
