"""JPEG copies of HEIC photos, which not every program can show."""

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
from tests.domain.files import corpus
from tests.domain.together import at_once
from tests.people import Cast, send
from tests.snapshot import restore_cast
from tests.stores import Hands

from portaal.domain.files import sweep, tasks
from portaal.domain.files.kinds import ALL
from portaal.domain.files.models import StoredFile
from portaal.domain.files.permissions import may_open
from portaal.domain.files.verbs import claim
from portaal.domain.jobs.models import Job
from portaal.domain.jobs.worker import run_due
from portaal.gateways import pictures

POSITION = b"GPS 52.09 5.12"


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def heic(width: int = 64, height: int = 48) -> bytes:
    """Return a photo with a GPS position in its metadata."""
    out = io.BytesIO()
    photo = pillow_heif.from_pillow(Image.effect_noise((width, height), 60).convert("RGB"))
    photo.info["exif"] = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0" + POSITION
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


def reloaded(file: StoredFile) -> StoredFile:
    return StoredFile.objects.get(pk=file.pk)


def bytes_of(file: StoredFile) -> bytes:
    return b"".join(file.chunks())


def passports() -> int:
    return StoredFile.objects.filter(name__startswith="paspoort").count()


def test_heic_gets_a_jpeg_copy(cast: Cast) -> None:
    file = send_photo(cast)
    run_due()
    copy = reloaded(file).readable
    with Image.open(io.BytesIO(bytes_of(copy))) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (64, 48)
    assert copy.name == "paspoort.jpg"
    assert copy.content_type == "image/jpeg"
    assert copy.vault_id == file.vault_id
    assert may_open(copy)


def test_original_of_a_copy_is_unchanged(cast: Cast) -> None:
    file = send_photo(cast)
    run_due()
    assert bytes_of(reloaded(file)) == PHOTO
    assert may_open(reloaded(file))
    assert list(sweep.verify()) == []


def test_copy_has_no_gps_position(cast: Cast) -> None:
    file = send_photo(cast)
    run_due()
    assert POSITION in PHOTO
    assert POSITION not in bytes_of(reloaded(file).readable)


def test_copy_is_claimed_with_its_original_and_never_alone(cast: Cast) -> None:
    file, by = send_photo(cast), cast.users["marieke"]
    run_due()
    unclaimed = set(StoredFile.objects.unclaimed_by(by, file.vault_id).values_list("pk", flat=True))
    claim(reloaded(file), by=by, vault=cast.dossiers["purchase"].vault)
    assert unclaimed == {file.pk}
    assert reloaded(file).copy.claimed_at == reloaded(file).claimed_at is not None


def test_copy_made_after_the_claim_is_claimed_too(cast: Cast) -> None:
    file = send_photo(cast)
    claim(file, by=cast.users["marieke"], vault=cast.dossiers["purchase"].vault)
    run_due()
    assert reloaded(file).copy.claimed_at == reloaded(file).claimed_at is not None


def test_unclaimed_photo_is_swept_with_its_copy(cast: Cast, hands: Hands) -> None:
    before = hands.ids()
    file = send_photo(cast)
    run_due()
    assert len(hands.ids() - before) == 2
    StoredFile.objects.filter(pk=file.pk).update(
        received_at=timezone.now() - sweep.UNCLAIMED_FOR - timedelta(minutes=1)
    )
    assert sweep.sweep() == 2
    assert hands.ids() == before
    assert passports() == 0


def test_concurrent_workers_make_one_copy(committed_cast: Cast, hands: Hands) -> None:
    file = send_photo(committed_cast)
    tasks.check.func(str(file.pk))
    before = hands.ids()
    results = at_once(*[lambda: tasks.make_copy.func(str(file.pk))] * 3)
    assert results == [None] * 3
    assert len(hands.ids() - before) == 1
    assert StoredFile.objects.filter(original=file.pk).count() == 1
    assert reloaded(file).copy_failed_at is None
    assert list(sweep.verify()) == []


def test_photo_swept_during_the_copy_leaves_no_copy(
    cast: Cast, hands: Hands, monkeypatch: Any
) -> None:
    before = hands.ids()
    file = send_photo(cast)
    tasks.check.func(str(file.pk))

    def sweep_meanwhile(chunks: Any) -> Any:
        StoredFile.objects.filter(pk=file.pk).update(
            received_at=timezone.now() - sweep.UNCLAIMED_FOR * 2
        )
        sweep.sweep()
        yield b"\xff\xd8\xff"

    monkeypatch.setattr("portaal.domain.files.tasks.jpeg_of", sweep_meanwhile)
    tasks.make_copy.func(str(file.pk))
    assert hands.ids() == before
    assert passports() == 0


@pytest.mark.parametrize(
    "content",
    [corpus.heic(400, 300), PHOTO.replace(b"hvcC", b"hvcX")],
    ids=["no picture in it", "no codec"],
)
def test_photo_that_cannot_be_decoded_stays_available(
    cast: Cast, hands: Hands, content: bytes
) -> None:
    before = hands.ids()
    file = send_photo(cast, content)
    run_due()
    file = reloaded(file)
    assert file.state == "clean"
    assert file.readable == file
    assert file.copy_failed_at is not None
    assert bytes_of(file) == content
    assert hands.ids() - before == {file.pk}
    assert hands.unfinished() == 0


def test_copy_larger_than_the_limit_is_not_stored(cast: Cast, settings: Any) -> None:
    file = send_photo(cast)
    settings.FILE_MAX_BYTES = 100
    run_due()
    assert reloaded(file).readable == file
    assert reloaded(file).copy_failed_at is not None


def replace_child(monkeypatch: Any, folder: Path, code: str, *, cpu_seconds: int = 10) -> None:
    """Make the gateway run the limits of the real child process, and then this code."""
    limits = pictures.CHILD.read_text().partition("def jpeg_of")[0]
    limits = limits.replace("CPU_SECONDS = 10", f"CPU_SECONDS = {cpu_seconds}")
    child = folder / "child.py"
    child.write_text(f"{limits}restrict()\n{code}\n")
    monkeypatch.setattr(pictures, "CHILD", child)


REPORT = """
import os
limits = (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
report = [sorted(set(os.environ) - {"LC_CTYPE"}), *(resource.getrlimit(each)[1] for each in limits)]
sys.stdout.write(repr(report))
"""


def test_decoder_has_no_environment_and_little_room(tmp_path: Path, monkeypatch: Any) -> None:
    replace_child(monkeypatch, tmp_path, REPORT)
    monkeypatch.setenv("DATABASE_URL", os.environ.get("DATABASE_URL", "") or "postgresql://geheim")
    assert b"".join(pictures.jpeg_of([])) == b"[[], 10, 1073741824, 0, 32]"


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "sys.stdin.buffer.read()\nimport time\ntime.sleep(60)",
        "bytes(2_000_000_000)",
        "1 / 0",
    ],
)
def test_runaway_decoder_is_stopped(tmp_path: Path, monkeypatch: Any, code: str) -> None:
    replace_child(monkeypatch, tmp_path, code, cpu_seconds=1)
    monkeypatch.setattr(pictures, "SECONDS", 3)
    with pytest.raises(pictures.Unreadable):
        list(pictures.jpeg_of([bytes(100_000)] * 20))
