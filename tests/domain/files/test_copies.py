"""A photo that not every program shows gets a copy that does; it belongs to its original, and the original stays as it was."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from django.utils import timezone
from PIL import Image
from tests.again import cast_again
from tests.domain.files import corpus
from tests.domain.together import at_once
from tests.people import Cast, send
from tests.stores import Hands

from portaal.domain.files import sweep, tasks
from portaal.domain.files.kinds import ALL
from portaal.domain.files.models import StoredFile
from portaal.domain.files.permissions import may_open
from portaal.domain.files.verbs import claim
from portaal.domain.jobs.models import Job
from portaal.domain.jobs.worker import run_due
from portaal.gateways import pictures

PLACE = b"GPS 52.09 5.12"


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_again()


def heic(width: int = 64, height: int = 48) -> bytes:
    """A photo with a place in its hidden facts."""
    out = io.BytesIO()
    photo = pillow_heif.from_pillow(Image.effect_noise((width, height), 60).convert("RGB"))
    photo.info["exif"] = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0" + PLACE
    photo.save(out, quality=60)
    return out.getvalue()


PHOTO = heic()


def send_photo(cast: Cast, content: bytes = PHOTO) -> StoredFile:
    Job.objects.all().delete()
    return send(
        cast.users["marieke"],
        cast.dossiers["purchase"],
        content=content,
        name="paspoort.heic",
        kinds=ALL,
    )


def fresh(file: StoredFile) -> StoredFile:
    return StoredFile.objects.get(pk=file.pk)


def test_a_heic_gets_a_jpeg_and_stays_what_it_was(cast: Cast, hands: Hands) -> None:
    file = send_photo(cast)
    run_due()
    file = fresh(file)
    copy = file.readable
    with Image.open(io.BytesIO(b"".join(copy.chunks()))) as picture:
        shown = (picture.format, picture.size)
    assert (shown, copy.name, copy.content_type, copy.vault_id) == (
        ("JPEG", (64, 48)),
        "paspoort.jpg",
        "image/jpeg",
        file.vault_id,
    )
    assert (b"".join(file.chunks()), may_open(file), may_open(copy)) == (PHOTO, True, True)
    assert list(sweep.verify()) == []


def test_the_copy_does_not_tell_where_the_photo_was_taken(cast: Cast) -> None:
    file = send_photo(cast)
    run_due()
    assert (PLACE in PHOTO, PLACE in b"".join(fresh(file).readable.chunks())) == (True, False)


def test_the_copy_is_claimed_with_its_original_and_never_by_itself(cast: Cast) -> None:
    file, by = send_photo(cast), cast.users["marieke"]
    run_due()
    pending = set(StoredFile.objects.unclaimed_by(by, file.vault_id).values_list("pk", flat=True))
    claim(fresh(file), by=by, vault=cast.dossiers["purchase"].vault)
    assert pending == {file.pk}
    assert fresh(file).copy.claimed_at == fresh(file).claimed_at is not None


def test_a_copy_that_is_made_after_the_claim_is_claimed_too(cast: Cast) -> None:
    file = send_photo(cast)
    claim(file, by=cast.users["marieke"], vault=cast.dossiers["purchase"].vault)
    run_due()
    assert fresh(file).copy.claimed_at == fresh(file).claimed_at is not None


def test_what_nobody_claims_is_swept_with_its_copy(cast: Cast, hands: Hands) -> None:
    before = hands.ids()
    file = send_photo(cast)
    run_due()
    made = len(hands.ids() - before)
    StoredFile.objects.filter(pk=file.pk).update(
        received_at=timezone.now() - sweep.UNCLAIMED_FOR - timedelta(minutes=1)
    )
    assert (
        made,
        sweep.sweep(),
        hands.ids() - before,
        StoredFile.objects.filter(name__startswith="paspoort").count(),
    ) == (
        2,
        2,
        set(),
        0,
    )


def test_two_workers_at_once_make_one_copy(committed_cast: Cast, hands: Hands) -> None:
    file = send_photo(committed_cast)
    tasks.check.func(str(file.pk))
    before = hands.ids()
    got = at_once(*[lambda: tasks.make_copy.func(str(file.pk))] * 3)
    assert (
        got,
        len(hands.ids() - before),
        StoredFile.objects.filter(original=file.pk).count(),
    ) == ([None] * 3, 1, 1)
    assert fresh(file).copy_failed_at is None
    assert list(sweep.verify()) == []


def test_a_photo_swept_meanwhile_leaves_no_copy(cast: Cast, hands: Hands, monkeypatch: Any) -> None:
    before = hands.ids()
    file = send_photo(cast)
    tasks.check.func(str(file.pk))

    def swept(chunks: Any) -> Any:
        StoredFile.objects.filter(pk=file.pk).update(
            received_at=timezone.now() - sweep.UNCLAIMED_FOR * 2
        )
        sweep.sweep()
        yield b"\xff\xd8\xff"

    monkeypatch.setattr("portaal.domain.files.tasks.jpeg_of", swept)
    tasks.make_copy.func(str(file.pk))
    assert (
        hands.ids() - before,
        StoredFile.objects.filter(name__startswith="paspoort").count(),
    ) == (set(), 0)


@pytest.mark.parametrize(
    "content",
    [corpus.heic(400, 300), PHOTO.replace(b"hvcC", b"hvcX")],
    ids=["no picture in it", "no codec"],
)
def test_a_photo_that_cannot_be_decoded_is_still_to_be_had(
    cast: Cast, hands: Hands, content: bytes
) -> None:
    before = hands.ids()
    file = send_photo(cast, content)
    run_due()
    file = fresh(file)
    assert (file.state, file.readable) == ("clean", file)
    assert file.copy_failed_at is not None
    assert (hands.ids() - before, hands.unfinished(), b"".join(file.chunks())) == (
        {file.pk},
        0,
        content,
    )


def test_a_copy_larger_than_a_file_may_be_is_not_kept(cast: Cast, settings: Any) -> None:
    file = send_photo(cast)
    settings.FILE_MAX_BYTES = 100
    run_due()
    assert (fresh(file).readable, fresh(file).copy_failed_at is not None) == (file, True)


def test_the_decoder_knows_no_more_than_the_picture(tmp_path: Path, monkeypatch: Any) -> None:
    """No environment, no files to write, bounded time and memory: seen from within a child that says so."""
    child = tmp_path / "child.py"
    text = pictures.CHILD.read_text().partition("def jpeg_of")[0]
    child.write_text(
        text
        + "restrict()\nimport os, pathlib\nsays = [sorted(set(os.environ) - {'LC_CTYPE'})]\n"
        + "for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):\n"
        + "    says.append(resource.getrlimit(what)[1])\nsys.stdout.write(repr(says))\n"
    )
    monkeypatch.setattr(pictures, "CHILD", child)
    monkeypatch.setenv("DATABASE_URL", os.environ.get("DATABASE_URL", "") or "postgresql://geheim")
    assert b"".join(pictures.jpeg_of([])) == b"[[], 10, 1073741824, 0, 32]"


@pytest.mark.parametrize(
    "act",
    [
        "while True: pass",
        "sys.stdin.buffer.read()\nimport time\ntime.sleep(60)",
        "bytes(2_000_000_000)",
        "1 / 0",
    ],
)
def test_a_decoder_that_runs_away_is_ended(tmp_path: Path, monkeypatch: Any, act: str) -> None:
    child = tmp_path / "child.py"
    child.write_text(
        pictures.CHILD.read_text()
        .partition("def jpeg_of")[0]
        .replace("SECONDS = 10", "SECONDS = 1")
        + f"restrict()\n{act}\n"
    )
    monkeypatch.setattr(pictures, "CHILD", child)
    monkeypatch.setattr(pictures, "SECONDS", 3)
    with pytest.raises(pictures.Unreadable):
        list(pictures.jpeg_of([bytes(100_000)] * 20))
