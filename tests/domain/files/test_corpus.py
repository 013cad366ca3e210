"""The corpus: each file gets its verdict, and a refused file leaves nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from tests.domain.files import corpus
from tests.domain.files.corpus import CASES, Case, pdf
from tests.stores import DiskHands, Hands

from portaal.domain.files.kinds import ACCEPT, ALL, PUBLISHED
from portaal.domain.files.models import StoredFile
from portaal.domain.files.sealing import IncomingFile
from portaal.domain.files.tasks import check
from portaal.domain.files.verbs import store_file
from portaal.domain.identity.models import User
from portaal.domain.identity.verbs import add_staff
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.keys.models import Vault

WORDS = {
    "kind": ("We do not take files such as", "nemen wij niet aan"),
    "other": ("but is something else inside", "maar is van binnen iets anders"),
    "damaged": ("is damaged: its end is missing", "is beschadigd: het einde ontbreekt"),
    "empty": ("is empty", "is leeg"),
    "large": ("is larger than", "is groter dan"),
}


@pytest.fixture
def hands(tmp_path: Path) -> Hands:
    """Return one store only, because the verdict does not depend on it."""
    return DiskHands(tmp_path / "files")


@pytest.fixture
def sender(db: None) -> User:
    return add_staff(
        by=SYSTEM, roles=["handler"], email="marieke@kantoor.example.nl", surname="Marieke"
    )


def send(sender: User, case: Case, kinds: Any = ALL) -> StoredFile:
    incoming = IncomingFile(case.name, 25 * 1024 * 1024)
    for at in range(0, len(case.content), 100_000):
        incoming.write(case.content[at : at + 100_000])
    return store_file(
        incoming.finish(), by=sender, vault=Vault.objects.make(), dossier=uuid4(), kinds=kinds
    )


@pytest.mark.either_database
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_file_gets_its_verdict(sender: User, hands: Hands, case: Case) -> None:
    verdict, _, why = case.verdict.partition(" ")
    if verdict == "refused":
        with pytest.raises(ValidationError, match=WORDS[why][0]):
            send(sender, case)
        with translation.override("nl"), pytest.raises(ValidationError, match=WORDS[why][1]):
            send(sender, case)
        assert hands.ids() == set()
        assert StoredFile.objects.count() == 0
    else:
        file = send(sender, case)
        check.func(str(file.pk))
        file.refresh_from_db()
        assert (file.state, file.reason) == (verdict, why)
        assert b"".join(file.chunks()) == case.content


def test_corpus_has_different_names() -> None:
    names = [case.name for case in CASES]
    assert sorted(set(names)) == sorted(names)
    assert len(names) > 180


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.verdict == "clean" and not case.name.lower().endswith("pdf")],
)
def test_published_file_must_be_a_pdf(sender: User, case: Case) -> None:
    with pytest.raises(ValidationError, match="is not a PDF"):
        send(sender, case, PUBLISHED)


def test_content_type_comes_from_our_own_table(sender: User) -> None:
    types = {
        case.name.rpartition(".")[2].lower(): send(sender, case).content_type
        for case in CASES
        if case.verdict == "clean"
    }
    assert types == {
        extension.removeprefix("."): kind.content_type
        for kind in ALL
        for extension in kind.extensions
        if extension[1:] in types
    }
    assert all(f".{extension}" in ACCEPT.split(",") for extension in types)


def test_content_type_fits_in_its_column() -> None:
    """SQLite accepts a longer value, PostgreSQL does not."""
    assert (
        max(len(kind.content_type) for kind in ALL)
        <= StoredFile._meta.get_field("content_type").max_length
    )


@pytest.mark.parametrize(("more", "error"), [(-1, ""), (0, ""), (1, "is larger than")])
def test_limit_of_25_mb_is_exact(sender: User, more: int, error: str) -> None:
    end = pdf(corpus.CATALOGUE)
    room = 25 * 1024 * 1024 + more - len(end) - len(b"%PDF-1.7\n")
    case = Case("groot.pdf", b"%PDF-1.7\n" + bytes(room) + end, "")
    if error:
        with pytest.raises(ValidationError, match=error):
            send(sender, case)
    else:
        assert send(sender, case).size == 25 * 1024 * 1024 + more
