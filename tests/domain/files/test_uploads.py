"""Uploads: a file that arrives in parts is stored as a whole, or leaves nothing."""

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
from tests.domain.together import at_once
from tests.people import PDF, Cast, open_dossier
from tests.snapshot import restore_cast
from tests.stores import Hands

from portaal.domain.files import uploads
from portaal.domain.files.models import StoredFile, Upload, UploadPart
from portaal.domain.files.sealing import IncomingFile
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
from portaal.domain.keys.crypto import Tampered, new_key

MINUTE = timedelta(minutes=1)
MB = 1024 * 1024


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def paper(size: int) -> bytes:
    """Return a PDF of at least this size, without repetition."""
    return PDF[:9] + b"".join(number.to_bytes(4, "big") for number in range(size // 4)) + PDF[9:]


def create(
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


def send(upload: Upload, part: bytes, *, at: int | None = None) -> Upload:
    """Append one part, in chunks as the web reads them."""
    chunks = [part[start : start + 65536] for start in range(0, len(part), 65536)]
    return append(
        upload, by=upload.owner, offset=upload.offset if at is None else at, chunks=chunks
    )


def complete(cast: Cast, content: bytes = PDF, **where: str) -> StoredFile:
    """Create an upload, send all its bytes and finish it."""
    upload = send(create(cast, content, **where), content)
    return finish(upload, by=cast.users[where.get("who", "sanne")])


def broken_connection(part: bytes) -> Iterator[bytes]:
    yield part
    raise ConnectionError


def reloaded(upload: Upload) -> Upload:
    return Upload.objects.get(pk=upload.pk)


def bytes_of(file: StoredFile | Upload) -> bytes:
    return b"".join(file.chunks())


def received_events(file: StoredFile) -> int:
    return Event.objects.filter(verb="files.store_file", object_id=str(file.pk)).count()


def test_upload_in_parts_becomes_one_file(cast: Cast, hands: Hands) -> None:
    content, before = paper(300_000), hands.ids()
    upload = create(cast, content, name="C:\\mijn\\akte.pdf")
    for start in range(0, len(content), 99_999):
        upload = send(upload, content[start : start + 99_999])
    assert len(hands.ids() - before) == 4
    file = finish(upload, by=cast.users["sanne"])
    assert bytes_of(file) == content
    assert file.size == len(content)
    assert file.name == "akte.pdf"
    assert file.pk == upload.pk
    assert received_events(file) == 1


def test_finished_upload_has_no_parts(cast: Cast, hands: Hands) -> None:
    before = hands.ids()
    file = complete(cast)
    assert hands.ids() - before == {file.pk}
    assert hands.unfinished() == 0
    assert UploadPart.objects.count() == 0


def test_no_plain_byte_of_a_part_touches_the_store(cast: Cast, hands: Hands) -> None:
    content = PDF[:9] + b"KANARIE-0123456789" * 30_000 + PDF[9:]
    upload = send(create(cast, content), content[:400_000])
    stored = [path.read_bytes() for path in hands.folder.rglob("*") if path.is_file()]
    assert sum(map(len, stored)) > upload.offset
    assert [blob for blob in stored if b"KANARIE" in blob or b"%PDF" in blob] == []


def test_each_part_has_a_key_of_its_own(cast: Cast, hands: Hands) -> None:
    upload = send(send(create(cast, PDF), PDF[:10]), PDF[10:20])
    first, second = upload.parts.order_by("start")
    hands.write(second.pk, hands.read(first.pk))
    assert len({upload.key, upload.part_key(first.pk), upload.part_key(second.pk)}) == 3
    with pytest.raises(Tampered):
        bytes_of(upload)


class Sender:
    """A client that sends an upload over a bad connection."""

    def __init__(self, upload: Upload, content: bytes) -> None:
        self.upload, self.content, self.last_start = upload, content, 0

    def act(self, step: str, size: int) -> None:
        at = self.upload.offset
        part = self.content[at : at + size]
        if step == "send":
            self.upload, self.last_start = send(self.upload, part), at if part else self.last_start
        elif step == "repeat":
            start = self.last_start
            self.upload = send(self.upload, self.content[start:at], at=start)
        elif step == "break" and not self.upload.is_complete:
            with pytest.raises(ConnectionError):
                append(self.upload, by=self.upload.owner, offset=at, chunks=broken_connection(part))
        elif step in ("ahead", "behind"):
            self._send_elsewhere(at + size + 1 if step == "ahead" else at - size - 1)

    def _send_elsewhere(self, offset: int) -> None:
        if offset != self.last_start:
            with pytest.raises(WrongOffset):
                send(self.upload, b"other", at=offset)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["send", "repeat", "ahead", "behind", "break"]), st.integers(0, 150_000)
    ),
    max_size=8,
)


@examples(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(size=st.integers(0, 300_000), steps=STEPS, is_paper=st.booleans())
def test_any_order_of_events_gives_the_same_file_or_nothing(
    cast: Cast, hands: Hands, size: int, steps: list[tuple[str, int]], is_paper: bool
) -> None:
    content = paper(size) if is_paper else b"x" + paper(size)
    before, sender = hands.ids(), Sender(create(cast, content), content)
    for step, bytes_to_send in steps:
        sender.act(step, bytes_to_send)
        assert sender.upload.offset == reloaded(sender.upload).offset
        assert sender.upload.offset == sum(part.size for part in sender.upload.parts.all())
    upload = send(sender.upload, content[sender.upload.offset :])
    if is_paper:
        assert bytes_of(finish(upload, by=upload.owner)) == content
    else:
        with pytest.raises(ValidationError, match="is something else inside"):
            finish(upload, by=upload.owner)
    assert hands.ids() - before == ({upload.pk} if is_paper else set())
    assert hands.unfinished() == 0
    assert UploadPart.objects.count() == 0
    assert list(verify()) == []


def test_last_part_sent_again_is_stored_once(cast: Cast) -> None:
    upload = send(create(cast, PDF), PDF[:10])
    assert send(upload, PDF[:10], at=0).offset == 10


@pytest.mark.parametrize("other", [PDF[:9] + b"x", PDF[:9]])
def test_another_part_at_the_last_offset_is_refused(cast: Cast, other: bytes) -> None:
    upload = send(create(cast, PDF), PDF[:10])
    with pytest.raises(WrongOffset):
        send(upload, other, at=0)


def test_finished_upload_finished_again_gives_the_same_file(cast: Cast) -> None:
    upload = send(send(create(cast, PDF), PDF[:10]), PDF[10:])
    file = finish(upload, by=upload.owner)
    assert finish(send(upload, PDF[10:], at=10), by=upload.owner) == file
    assert finish(send(upload, b"", at=len(PDF)), by=upload.owner) == file


def test_one_of_two_concurrent_parts_is_stored(committed_cast: Cast, hands: Hands) -> None:
    before, upload = hands.ids(), create(committed_cast, PDF)
    sends = [lambda part=part: send(reloaded(upload), part, at=0) for part in (PDF[:10], PDF[:20])]
    results = at_once(*sends)
    assert sorted(type(result).__name__ for result in results) == ["Upload", "WrongOffset"]
    upload.refresh_from_db()
    assert len(hands.ids() - before) == 1
    assert bytes_of(upload) == PDF[: upload.offset]
    assert list(verify()) == []


def test_incomplete_upload_is_not_finished(cast: Cast) -> None:
    upload = send(create(cast, PDF), PDF[:10])
    assert finish(upload, by=upload.owner) is None
    assert finish(send(upload, PDF[10:]), by=upload.owner).size == len(PDF)


def test_concurrent_finishes_give_one_file(committed_cast: Cast, hands: Hands) -> None:
    before, content = hands.ids(), paper(400_000)
    upload = send(create(committed_cast, content), content)
    results = at_once(*[lambda: finish(reloaded(upload), by=upload.owner)] * 3)
    file = StoredFile.objects.get(pk=upload.pk)
    assert results == [file] * 3
    assert bytes_of(file) == content
    assert hands.ids() - before == {file.pk}
    assert received_events(file) == 1


def test_interrupted_finish_is_repeated(cast: Cast) -> None:
    upload, stored = send(create(cast, PDF), PDF), list[StoredFile]()

    def fail(file: StoredFile) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        finish(upload, by=upload.owner, on_stored=fail)
    assert not StoredFile.objects.filter(pk=upload.pk).exists()
    # A killed `finish` leaves an unfinished blob.
    IncomingFile("akte.pdf", 100_000, again=(upload.pk, new_key())).write(paper(90_000))
    file = finish(reloaded(upload), by=upload.owner, on_stored=stored.append)
    assert stored == [file]
    assert bytes_of(file) == PDF


def test_upload_with_refused_content_leaves_nothing(cast: Cast, hands: Hands) -> None:
    before, content = hands.ids(), b"MZ" + PDF
    upload = send(create(cast, content), content)
    with pytest.raises(ValidationError, match="is something else inside"):
        finish(upload, by=upload.owner)
    assert hands.ids() == before
    assert UploadPart.objects.count() == 0
    upload.refresh_from_db()
    with pytest.raises(UploadGone):
        finish(upload, by=upload.owner)
    with pytest.raises(UploadGone):
        send(upload, b"x", at=0)


def test_upload_refused_by_the_callback_leaves_nothing(cast: Cast, hands: Hands) -> None:
    def refuse(file: StoredFile) -> None:
        raise ValidationError("not here")

    before, upload = hands.ids(), send(create(cast, PDF), PDF)
    with pytest.raises(ValidationError, match="not here"):
        finish(upload, by=upload.owner, on_stored=refuse)
    assert hands.ids() == before
    assert hands.unfinished() == 0
    assert not Upload.objects.open().filter(pk=upload.pk).exists()


def create_of_length(cast: Cast, length: int) -> Upload:
    by, dossier = cast.users["sanne"], cast.dossiers["purchase"]
    return uploads.create(
        by=by, vault=dossier.vault, dossier=dossier.pk, name="a.pdf", length=length
    )


@pytest.mark.parametrize(
    ("length", "words"), [(0, "is empty"), (25 * MB + 1, "is larger than 25 MB")]
)
def test_empty_or_too_large_upload_is_not_created(cast: Cast, length: int, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        create_of_length(cast, length)


def test_upload_of_exactly_25_mb_is_created(cast: Cast) -> None:
    assert create_of_length(cast, 25 * MB).length == 25 * MB


def test_more_bytes_than_announced_are_refused(cast: Cast, hands: Hands) -> None:
    before, upload = hands.ids(), create(cast, PDF)
    with pytest.raises(ValidationError, match="has changed"):
        send(upload, PDF + b"x")
    assert hands.ids() == before
    assert reloaded(upload).offset == 0


def test_too_many_parts_are_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PARTS_MAX", 2)
    upload = send(send(create(cast, PDF), PDF[:1]), PDF[1:2])
    with pytest.raises(ValidationError, match="too many pieces"):
        send(upload, PDF[2:])


def test_login_has_a_limited_number_of_open_uploads(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "OPEN_MAX", 2)
    mine = cast.users["sanne"]
    Upload.objects.visible_to(mine).delete()
    first, _second = create(cast, PDF), create(cast, PDF)
    with pytest.raises(QuotaExceeded):
        create(cast, PDF)
    create(cast, PDF, who="emre")
    abandon(first, by=mine)
    create(cast, PDF)


def test_login_has_a_quota_of_bytes_a_day(cast: Cast, settings: Any) -> None:
    Upload.objects.all().delete()
    settings.UPLOAD_DAY_BYTES = 2 * len(PDF)
    complete(cast)
    abandoned = send(create(cast, PDF), PDF[:10])
    abandon(abandoned, by=cast.users["sanne"])  # counts for the ten bytes that arrived
    with pytest.raises(QuotaExceeded, match="in a day") as refused:
        create(cast, PDF)
    assert 0 < refused.value.retry_after <= 24 * 3600
    create(cast, PDF[:-10])
    create(cast, PDF, who="emre")
    Upload.objects.visible_to(cast.users["sanne"]).update(
        begun_at=timezone.now() - uploads.DAY - MINUTE
    )
    create(cast, PDF)


def test_client_login_has_a_quota_of_bytes_a_dossier(cast: Cast, settings: Any) -> None:
    Upload.objects.all().delete()
    settings.UPLOAD_DOSSIER_BYTES = 2 * len(PDF)
    complete(cast, who="emre")
    create(cast, PDF, who="emre")
    Upload.objects.filter(closed_at=None).update(begun_at=timezone.now())
    with pytest.raises(QuotaExceeded, match="in this dossier"):
        create(cast, b"x", who="emre")
    create(cast, PDF, who="emre", dossier="secret")


def test_office_has_no_quota_of_bytes_a_dossier(cast: Cast, settings: Any) -> None:
    settings.UPLOAD_DOSSIER_BYTES = 2 * len(PDF)
    for _ in range(3):
        create(cast, PDF, who="marieke")


def test_one_of_two_concurrent_uploads_gets_the_last_quota(
    committed_cast: Cast, settings: Any
) -> None:
    Upload.objects.all().delete()
    settings.UPLOAD_DAY_BYTES = len(PDF) + 1
    results = at_once(*[lambda: create(committed_cast, PDF)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["QuotaExceeded", "Upload"]


def test_another_login_cannot_see_or_change_an_upload(cast: Cast) -> None:
    upload, other = send(create(cast, PDF), PDF[:10]), cast.users["emre"]
    assert not Upload.objects.visible_to(other).filter(pk=upload.pk).exists()
    with pytest.raises(PermissionDenied):
        append(upload, by=other, offset=10, chunks=[PDF[10:]])
    with pytest.raises(PermissionDenied):
        abandon(upload, by=other)
    complete_upload = send(upload, PDF[10:])
    with pytest.raises(PermissionDenied):
        finish(complete_upload, by=other)


def test_abandoned_upload_leaves_nothing(cast: Cast, hands: Hands) -> None:
    before, upload = hands.ids(), send(create(cast, PDF), PDF[:10])
    abandon(upload, by=upload.owner)
    assert hands.ids() == before


def test_abandoned_finished_upload_leaves_no_file(cast: Cast, hands: Hands) -> None:
    before, file = hands.ids(), complete(cast)
    abandon(Upload.objects.get(pk=file.pk), by=cast.users["sanne"])
    assert hands.ids() == before
    assert not StoredFile.objects.filter(pk=file.pk).exists()


def test_claimed_file_cannot_be_abandoned(cast: Cast) -> None:
    file = complete(cast)
    claim(file, by=cast.users["sanne"], vault=cast.dossiers["purchase"].vault)
    with pytest.raises(PermissionDenied):
        abandon(Upload.objects.get(pk=file.pk), by=cast.users["sanne"])
    assert bytes_of(file) == PDF


def test_abandon_calls_back_with_the_file_before_it_is_deleted(cast: Cast) -> None:
    file, files = complete(cast), list[StoredFile]()
    abandon(Upload.objects.get(pk=file.pk), by=cast.users["sanne"], before_delete=files.append)
    assert files == [file]


def test_sweep_deletes_only_uploads_older_than_a_day(cast: Cast, hands: Hands) -> None:
    Upload.objects.all().delete()
    before = hands.ids()
    old, young = (send(create(cast, PDF), PDF[:10]) for _ in range(2))
    claimed = complete(cast)
    claim(claimed, by=cast.users["sanne"], vault=cast.dossiers["purchase"].vault)
    for pk, age in (
        (old.pk, UNCLAIMED_FOR + MINUTE),
        (claimed.pk, UNCLAIMED_FOR + MINUTE),
        (young.pk, UNCLAIMED_FOR - MINUTE),
    ):
        Upload.objects.filter(pk=pk).update(begun_at=timezone.now() - age)
    assert sweep() == 1
    assert list(Upload.objects.all()) == [young]
    assert hands.ids() - before == {claimed.pk, young.parts.get().pk}
    with pytest.raises(UploadGone):
        send(old, PDF[10:])
    assert finish(send(young, PDF[10:]), by=young.owner).size == len(PDF)
    assert bytes_of(claimed) == PDF


def test_sweep_deletes_parts_left_by_a_killed_finish(cast: Cast, hands: Hands) -> None:
    before, upload = hands.ids(), send(create(cast, PDF), PDF[:10])
    Upload.objects.filter(pk=upload.pk).update(closed_at=timezone.now())
    sweep()
    assert hands.ids() == before
    assert UploadPart.objects.count() == 0


def test_verify_finds_nothing_in_intact_uploads(cast: Cast) -> None:
    send(create(cast, PDF), PDF[:10])
    assert list(verify()) == []
    call_command("files", "verify")


def test_verify_names_missing_changed_and_short_parts(cast: Cast, hands: Hands) -> None:
    missing, changed, short = (send(create(cast, PDF), PDF[:10]) for _ in range(3))
    hands.remove(missing.parts.get().pk)
    part_id = changed.parts.get().pk
    sealed = hands.read(part_id)
    hands.write(part_id, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    Upload.objects.filter(pk=short.pk).update(offset=11)
    assert set(verify()) == {
        f"upload {missing.pk}: some of its bytes are missing",
        f"upload {changed.pk}: its bytes were changed",
        f"upload {short.pk}: its pieces do not fit",
    }


def test_sweep_keeps_old_parts_of_an_open_upload(cast: Cast, hands: Hands) -> None:
    upload = send(create(cast, PDF), PDF[:10])
    hands.set_back(upload.parts.get().pk, timedelta(days=3))
    sweep()
    assert finish(send(upload, PDF[10:]), by=upload.owner).size == len(PDF)


def test_upload_of_a_new_dossier_has_its_vault(cast: Cast) -> None:
    cast.dossiers["new"] = open_dossier(cast, cast.users["marieke"], f"2026.{uuid4().hex[:4]}")
    assert complete(cast, who="marieke", dossier="new").vault == cast.dossiers["new"].vault
