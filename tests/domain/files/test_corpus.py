"""Every file of the corpus gets the verdict that stands beside it, and what is refused leaves nothing."""

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

from portaal.domain.accounts.models import User
from portaal.domain.accounts.verbs import add_staff
from portaal.domain.files.intake import IncomingFile
from portaal.domain.files.kinds import ACCEPT, ALL, PUBLISHED
from portaal.domain.files.models import StoredFile
from portaal.domain.files.tasks import check
from portaal.domain.files.verbs import store_file
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
    """One kind of store: the verdict comes before it."""
    return DiskHands(tmp_path / "files")


@pytest.fixture
def sender(db: None) -> User:
    return add_staff(
        by=SYSTEM, role="handler", email="marieke@kantoor.example.nl", surname="Marieke"
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
def test_a_file_gets_its_verdict(sender: User, hands: Hands, case: Case) -> None:
    verdict, _, why = case.verdict.partition(" ")
    if verdict == "refused":
        with pytest.raises(ValidationError, match=WORDS[why][0]):
            send(sender, case)
        with translation.override("nl"), pytest.raises(ValidationError, match=WORDS[why][1]):
            send(sender, case)
        assert (hands.ids(), StoredFile.objects.count()) == (set(), 0)
    else:
        file = send(sender, case)
        check.func(str(file.pk))
        file.refresh_from_db()
        assert (file.state, file.reason) == (verdict, why)
        assert b"".join(file.chunks()) == case.content  # held or not, the original is kept


def test_the_names_of_the_corpus_are_all_different() -> None:
    names = [case.name for case in CASES]
    assert sorted(set(names)) == sorted(names)
    assert len(names) > 180


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.verdict == "clean" and not case.name.lower().endswith("pdf")],
)
def test_what_is_published_is_a_pdf(sender: User, case: Case) -> None:
    with pytest.raises(ValidationError, match="is not a PDF"):
        send(sender, case, PUBLISHED)


def test_the_type_is_our_own(sender: User) -> None:
    types = {
        case.name.rpartition(".")[2].lower(): send(sender, case).content_type
        for case in CASES
        if case.verdict == "clean"
    }
    assert types == {
        ending.removeprefix("."): kind.content_type
        for kind in ALL
        for ending in kind.extensions
        if ending[1:] in types
    }
    assert all(f".{ending}" in ACCEPT.split(",") for ending in types)


def test_a_type_fits_in_its_column() -> None:
    """SQLite takes what is too long; PostgreSQL does not."""
    assert (
        max(len(kind.content_type) for kind in ALL)
        <= StoredFile._meta.get_field("content_type").max_length
    )


@pytest.mark.parametrize(("more", "fault"), [(-1, ""), (0, ""), (1, "is larger than")])
def test_25_mb_is_the_limit_to_the_byte(sender: User, more: int, fault: str) -> None:
    end = pdf(corpus.CATALOGUE)
    room = 25 * 1024 * 1024 + more - len(end) - len(b"%PDF-1.7\n")
    case = Case("groot.pdf", b"%PDF-1.7\n" + bytes(room) + end, "")
    if fault:
        with pytest.raises(ValidationError, match=fault):
            send(sender, case)
    else:
        assert send(sender, case).size == 25 * 1024 * 1024 + more
