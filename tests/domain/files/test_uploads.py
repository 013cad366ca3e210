"""A file that comes in by pieces is in the end the same as one that came at once, or nothing is left of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.again import cast_again
from tests.domain.together import at_once
from tests.people import PDF, Cast, open_dossier
from tests.stores import Hands

from portaal.domain.files import uploads
from portaal.domain.files.intake import IncomingFile
from portaal.domain.files.models import StoredFile, Upload, UploadPart
from portaal.domain.files.sweep import UNCLAIMED_FOR, sweep, verify
from portaal.domain.files.uploads import (
    QuotaExceeded,
    UploadGone,
    WrongOffset,
    abandon,
    append,
    finish,
)
from portaal.domain.files.verbs import claim
from portaal.domain.journal.models import Event
from portaal.domain.keys.crypto import new_key

MINUTE = timedelta(minutes=1)
MB = 1024 * 1024


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_again()


def paper(size: int) -> bytes:
    """A PDF of at least this size, no two parts of it alike."""
    return PDF[:9] + b"".join(number.to_bytes(4, "big") for number in range(size // 4)) + PDF[9:]


def begin(
    cast: Cast,
    content: bytes,
    *,
    who: str = "sanne",
    dossier: str = "purchase",
    name: str = "akte.pdf",
) -> Upload:
    into = cast.dossiers[dossier]
    return uploads.create(
        by=cast.users[who], vault=into.vault, dossier=into.pk, name=name, length=len(content)
    )


def send(upload: Upload, piece: bytes, *, at: int | None = None) -> Upload:
    """One request's worth, in chunks as the web reads them."""
    chunks = [piece[place : place + 65536] for place in range(0, len(piece), 65536)]
    return append(
        upload, by=upload.owner, offset=upload.offset if at is None else at, chunks=chunks
    )


def whole(cast: Cast, content: bytes = PDF, **where: str) -> StoredFile:
    return finish(
        send(begin(cast, content, **where), content), by=cast.users[where.get("who", "sanne")]
    )


def breaking(piece: bytes) -> Iterator[bytes]:
    yield piece
    raise ConnectionError


def test_a_file_in_pieces_comes_back_whole(cast: Cast, hands: Hands) -> None:
    content, before = paper(300_000), hands.ids()
    upload = begin(cast, content, name="C:\\mijn\\akte.pdf")
    for start in range(0, len(content), 99_999):
        upload = send(upload, content[start : start + 99_999])
    assert len(hands.ids() - before) == 4
    file = finish(upload, by=cast.users["sanne"])
    assert (b"".join(file.chunks()), file.name, file.pk, file.size) == (
        content,
        "akte.pdf",
        upload.pk,
        len(content),
    )
    assert (hands.ids() - before, hands.unfinished(), UploadPart.objects.count()) == (
        {file.pk},
        0,
        0,
    )
    assert Event.objects.filter(verb="files.receive", object_id=str(file.pk)).count() == 1


def test_no_clear_byte_of_a_piece_touches_the_store(cast: Cast, hands: Hands) -> None:
    content = PDF[:9] + b"KANARIE-0123456789" * 30_000 + PDF[9:]
    upload = send(begin(cast, content), content[:400_000])
    lying = [path.read_bytes() for path in hands.folder.rglob("*") if path.is_file()]
    assert sum(map(len, lying)) > upload.offset
    assert [part for part in lying if b"KANARIE" in part or b"%PDF" in part] == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["send", "repeat", "ahead", "behind", "die"]), st.integers(0, 150_000)
    ),
    max_size=8,
)


@examples(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(size=st.integers(0, 300_000), steps=STEPS, is_paper=st.booleans())
def test_whatever_happens_on_the_way_the_bytes_are_the_same_or_nothing_is_left(
    cast: Cast, hands: Hands, size: int, steps: list[tuple[str, int]], is_paper: bool
) -> None:
    content = paper(size) if is_paper else b"x" + paper(size)
    before, upload, last = hands.ids(), begin(cast, content), 0
    for step, many in steps:
        here, piece = upload.offset, content[upload.offset : upload.offset + many]
        if step == "send":
            upload, last = send(upload, piece), here if piece else last
        elif step == "repeat":
            upload = send(upload, content[last:here], at=last)
        elif step == "die" and not upload.is_complete:
            with pytest.raises(ConnectionError):
                append(
                    upload,
                    by=upload.owner,
                    offset=here,
                    chunks=breaking(piece[: len(content) - here]),
                )
        elif (
            step != "die"
            and (at := here + many + 1 if step == "ahead" else here - many - 1) != last
        ):
            with pytest.raises(WrongOffset):
                send(upload, b"other", at=at)
        assert (
            upload.offset
            == Upload.objects.get(pk=upload.pk).offset
            == sum(part.size for part in upload.parts.all())
        )
    upload = send(upload, content[upload.offset :])
    if is_paper:
        file = finish(upload, by=upload.owner)
        assert b"".join(file.chunks()) == content
    else:
        with pytest.raises(ValidationError, match="is something else inside"):
            finish(upload, by=upload.owner)
    assert hands.ids() - before == ({upload.pk} if is_paper else set())
    assert (hands.unfinished(), UploadPart.objects.count(), list(verify())) == (0, 0, [])


def test_a_piece_that_comes_twice_counts_once_and_another_one_does_not(cast: Cast) -> None:
    upload = send(begin(cast, PDF), PDF[:10])
    assert send(upload, PDF[:10], at=0).offset == 10
    with pytest.raises(WrongOffset):
        send(upload, PDF[:9] + b"x", at=0)
    with pytest.raises(WrongOffset):
        send(upload, PDF[:9], at=0)


def test_the_last_piece_once_more_gives_the_same_file(cast: Cast) -> None:
    upload = send(send(begin(cast, PDF), PDF[:10]), PDF[10:])
    file = finish(upload, by=upload.owner)
    assert finish(send(upload, PDF[10:], at=10), by=upload.owner) == file
    assert finish(send(upload, b"", at=len(PDF)), by=upload.owner) == file


def test_two_pieces_at_once_and_one_counts(committed_cast: Cast, hands: Hands) -> None:
    before, upload = hands.ids(), begin(committed_cast, PDF)
    pieces = [PDF[:10], PDF[:20]]
    got = at_once(
        *[
            lambda piece=piece: send(Upload.objects.get(pk=upload.pk), piece, at=0)
            for piece in pieces
        ]
    )
    assert sorted(type(one).__name__ for one in got) == ["Upload", "WrongOffset"]
    upload.refresh_from_db()
    assert (len(hands.ids() - before), b"".join(upload.chunks())) == (1, PDF[: upload.offset])
    assert list(verify()) == []


def test_two_finish_at_once_and_get_one_file(committed_cast: Cast, hands: Hands) -> None:
    before, content = hands.ids(), paper(400_000)
    upload = send(begin(committed_cast, content), content)
    got = at_once(*[lambda: finish(Upload.objects.get(pk=upload.pk), by=upload.owner)] * 3)
    file = StoredFile.objects.get(pk=upload.pk)
    assert (got, b"".join(file.chunks()), hands.ids() - before) == (
        [file] * 3,
        content,
        {file.pk},
    )
    assert Event.objects.filter(verb="files.receive", object_id=str(file.pk)).count() == 1


def test_a_finish_that_was_cut_off_is_done_again(cast: Cast, hands: Hands) -> None:
    upload, taken = send(begin(cast, PDF), PDF), list[StoredFile]()

    def dies(file: StoredFile) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        finish(upload, by=upload.owner, on_stored=dies)
    assert StoredFile.objects.filter(pk=upload.pk).count() == 0
    IncomingFile("akte.pdf", 1000, again=(upload.pk, new_key())).write(
        PDF
    )  # what a finish leaves that is killed
    file = finish(Upload.objects.get(pk=upload.pk), by=upload.owner, on_stored=taken.append)
    assert (taken, b"".join(file.chunks())) == ([file], PDF)


def test_what_is_refused_when_it_is_whole_leaves_nothing(cast: Cast, hands: Hands) -> None:
    before, content = hands.ids(), b"MZ" + PDF
    upload = send(begin(cast, content), content)
    with pytest.raises(ValidationError, match="is something else inside"):
        finish(upload, by=upload.owner)
    assert (hands.ids(), UploadPart.objects.count()) == (before, 0)
    upload.refresh_from_db()
    for again in (lambda: finish(upload, by=upload.owner), lambda: send(upload, b"x", at=0)):
        with pytest.raises(UploadGone):
            again()


def test_what_whoever_wanted_it_refuses_leaves_nothing(cast: Cast, hands: Hands) -> None:
    def refuses(file: StoredFile) -> None:
        raise ValidationError("not here")

    before, upload = hands.ids(), send(begin(cast, PDF), PDF)
    with pytest.raises(ValidationError, match="not here"):
        finish(upload, by=upload.owner, on_stored=refuses)
    assert (
        hands.ids(),
        hands.unfinished(),
        Upload.objects.open().filter(pk=upload.pk).count(),
    ) == (
        before,
        0,
        0,
    )


@pytest.mark.parametrize(
    ("size", "words"), [(0, "is empty"), (25 * MB + 1, "is larger than 25 MB")]
)
def test_what_is_empty_or_too_large_does_not_begin(cast: Cast, size: int, words: str) -> None:
    dossier = cast.dossiers["purchase"]
    with pytest.raises(ValidationError, match=words):
        uploads.create(
            by=cast.users["sanne"],
            vault=dossier.vault,
            dossier=dossier.pk,
            name="a.pdf",
            length=size,
        )
    uploads.create(
        by=cast.users["sanne"],
        vault=dossier.vault,
        dossier=dossier.pk,
        name="a.pdf",
        length=25 * MB,
    )


def test_more_than_was_announced_is_refused(cast: Cast, hands: Hands) -> None:
    before, upload = hands.ids(), begin(cast, PDF)
    with pytest.raises(ValidationError, match="has changed"):
        send(upload, PDF + b"x")
    assert (hands.ids(), Upload.objects.get(pk=upload.pk).offset) == (before, 0)


def test_a_file_in_crumbs_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PARTS_MAX", 2)
    upload = send(send(begin(cast, PDF), PDF[:1]), PDF[1:2])
    with pytest.raises(ValidationError, match="too many pieces"):
        send(upload, PDF[2:])


def test_so_many_files_are_under_way_at_most(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "OPEN_MAX", 2)
    mine = cast.users["sanne"]
    Upload.objects.visible_to(mine).delete()
    first, _second = begin(cast, PDF), begin(cast, PDF)
    with pytest.raises(QuotaExceeded):
        begin(cast, PDF)
    begin(cast, PDF, who="emre")
    abandon(first, by=mine)
    begin(cast, PDF)


def test_a_day_has_room_for_so_much_of_one_login(cast: Cast, settings: Any) -> None:
    Upload.objects.all().delete()
    settings.UPLOAD_DAY_BYTES = 2 * len(PDF)
    whole(cast)
    given_up = send(begin(cast, PDF), PDF[:10])
    abandon(given_up, by=cast.users["sanne"])  # counts for the ten that came
    with pytest.raises(QuotaExceeded, match="in a day") as refused:
        begin(cast, PDF)
    assert 0 < refused.value.seconds <= 24 * 3600
    begin(cast, PDF[:-10])
    begin(cast, PDF, who="emre")
    Upload.objects.visible_to(cast.users["sanne"]).update(
        begun_at=timezone.now() - uploads.DAY - MINUTE
    )
    begin(cast, PDF)


def test_a_dossier_has_room_for_so_much_of_a_clients_login(cast: Cast, settings: Any) -> None:
    Upload.objects.all().delete()
    settings.UPLOAD_DOSSIER_BYTES = 2 * len(PDF)
    whole(cast, who="emre")
    begin(cast, PDF, who="emre")
    Upload.objects.filter(closed_at=None).update(begun_at=timezone.now())
    with pytest.raises(QuotaExceeded, match="in this dossier"):
        begin(cast, b"x", who="emre")
    begin(cast, PDF, who="emre", dossier="secret")
    for _ in range(3):
        begin(cast, PDF, who="marieke")


def test_two_at_once_do_not_both_find_the_last_room(committed_cast: Cast, settings: Any) -> None:
    Upload.objects.all().delete()
    settings.UPLOAD_DAY_BYTES = len(PDF) + 1
    got = at_once(*[lambda: begin(committed_cast, PDF)] * 2)
    assert sorted(type(one).__name__ for one in got) == ["QuotaExceeded", "Upload"]


def test_the_upload_of_another_login_is_not_gone_on_with(cast: Cast) -> None:
    upload, other = send(begin(cast, PDF), PDF[:10]), cast.users["emre"]
    assert not Upload.objects.visible_to(other).filter(pk=upload.pk).exists()
    acts = [
        lambda: append(upload, by=other, offset=10, chunks=[PDF[10:]]),
        lambda: finish(send(upload, PDF[10:]), by=other),
        lambda: abandon(upload, by=other),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


def test_what_is_given_up_leaves_nothing(cast: Cast, hands: Hands) -> None:
    before = hands.ids()
    under_way, finished = send(begin(cast, PDF), PDF[:10]), whole(cast)
    abandon(under_way, by=under_way.owner)
    abandon(Upload.objects.get(pk=finished.pk), by=under_way.owner)
    assert (hands.ids(), StoredFile.objects.filter(pk=finished.pk).exists()) == (before, False)


def test_a_file_in_use_is_not_given_up(cast: Cast) -> None:
    file = whole(cast)
    claim(file, by=cast.users["sanne"], vault=cast.dossiers["purchase"].vault)
    with pytest.raises(PermissionDenied):
        abandon(Upload.objects.get(pk=file.pk), by=cast.users["sanne"])
    assert b"".join(file.chunks()) == PDF


def test_whoever_holds_a_file_lets_go_of_it_before_it_goes(cast: Cast) -> None:
    file, held = whole(cast), list[StoredFile]()
    abandon(Upload.objects.get(pk=file.pk), by=cast.users["sanne"], before_delete=held.append)
    assert held == [file]


def test_an_upload_goes_after_a_day_and_never_half(cast: Cast, hands: Hands) -> None:
    Upload.objects.all().delete()
    before, old, young = (
        hands.ids(),
        send(begin(cast, PDF), PDF[:10]),
        send(begin(cast, PDF), PDF[:10]),
    )
    used = whole(cast)
    claim(used, by=cast.users["sanne"], vault=cast.dossiers["purchase"].vault)
    for pk, age in (
        (old.pk, UNCLAIMED_FOR + MINUTE),
        (used.pk, UNCLAIMED_FOR + MINUTE),
        (young.pk, UNCLAIMED_FOR - MINUTE),
    ):
        Upload.objects.filter(pk=pk).update(begun_at=timezone.now() - age)
    assert (sweep(), list(Upload.objects.all())) == (1, [young])
    assert hands.ids() - before == {used.pk, young.parts.get().pk}
    with pytest.raises(UploadGone):
        send(old, PDF[10:])
    assert finish(send(young, PDF[10:]), by=young.owner).size == len(PDF)
    assert b"".join(used.chunks()) == PDF


def test_pieces_that_a_killed_finish_left_are_swept(cast: Cast, hands: Hands) -> None:
    before, upload = hands.ids(), send(begin(cast, PDF), PDF[:10])
    Upload.objects.filter(pk=upload.pk).update(closed_at=timezone.now())
    sweep()
    assert (hands.ids(), UploadPart.objects.count()) == (before, 0)


def test_pieces_that_are_missing_changed_or_lost_are_named(cast: Cast, hands: Hands) -> None:
    missing, changed, short = (send(begin(cast, PDF), PDF[:10]) for _ in range(3))
    assert list(verify()) == []
    call_command("files", "verify")
    hands.remove(missing.parts.get().pk)
    part = changed.parts.get().pk
    sealed = hands.read(part)
    hands.write(part, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    Upload.objects.filter(pk=short.pk).update(offset=11)
    assert set(verify()) == {
        f"upload {missing.pk}: some of its bytes are missing",
        f"upload {changed.pk}: its bytes were changed",
        f"upload {short.pk}: its pieces do not fit",
    }


def test_pieces_under_way_outlive_the_sweep_of_what_nobody_names(cast: Cast, hands: Hands) -> None:
    upload = send(begin(cast, PDF), PDF[:10])
    hands.set_back(upload.parts.get().pk, timedelta(days=3))
    sweep()
    assert finish(send(upload, PDF[10:]), by=upload.owner).size == len(PDF)


def test_an_upload_of_a_new_dossier_lies_in_its_vault(cast: Cast) -> None:
    cast.dossiers["new"] = open_dossier(cast, cast.users["marieke"], f"2026.{uuid4().hex[:4]}")
    assert whole(cast, who="marieke", dossier="new").vault == cast.dossiers["new"].vault
