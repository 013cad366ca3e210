"""Files that are scanned and inspected before anybody can open them."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from tests.clamd import fake_clamd, real_clamd
from tests.clock import travel
from tests.domain.files.corpus import docx
from tests.domain.files.holders import published
from tests.domain.together import at_once
from tests.people import PDF, Cast, send
from tests.snapshot import restore_cast

from portaal.domain.documents.holders import PublicationFile
from portaal.domain.documents.models import Publication
from portaal.domain.files import sweep
from portaal.domain.files.kinds import ALL
from portaal.domain.files.models import StoredFile
from portaal.domain.files.permissions import NotClean, may_open
from portaal.domain.files.tasks import check
from portaal.domain.files.verbs import download, release, rescan
from portaal.domain.jobs.models import Job
from portaal.domain.jobs.worker import ATTEMPTS_MAX, LEASE, RETRY_AFTER, run_due
from portaal.domain.journal.models import SecurityEvent
from portaal.gateways.scanner import ScannerUnavailable
from portaal.gateways.scanner.clamd import Clamd, ClamdEndpoint
from portaal.gateways.scanner.standin import EICAR

VIRUS = PDF[:9] + EICAR + PDF[9:]
SCRIPT = PDF.replace(b"<<>>", b"<</S/JavaScript>>")
ATTACHED = PDF.replace(b"<<>>", b"<</Type/EmbeddedFile>>")


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def publish(cast: Cast, content: bytes = PDF) -> Publication:
    """Publish a file that is not checked yet to Sanne. Its check is the only job."""
    Job.objects.all().delete()
    return published(cast, content).row


def verdict(publication: Publication) -> tuple[str, str]:
    """Return the current state of the file and its reason."""
    file = StoredFile.objects.get(pk=publication.file_id)
    return file.state, file.reason


def reloaded(publication: Publication) -> PublicationFile:
    return PublicationFile(Publication.objects.get(pk=publication.pk))


def downloaded(publication: Publication, cast: Cast) -> bytes:
    return b"".join(download(reloaded(publication), by=cast.users["sanne"]).chunks)


def test_client_opens_a_file_after_the_worker_checked_it(cast: Cast) -> None:
    publication = publish(cast)
    run_due()
    assert downloaded(publication, cast) == PDF
    assert verdict(publication) == ("clean", "")
    assert StoredFile.objects.get(pk=publication.file_id).checked_at is not None


@pytest.mark.parametrize(
    ("content", "reason"), [(VIRUS, "found"), (SCRIPT, "active"), (ATTACHED, "enclosed")]
)
def test_suspicious_file_is_quarantined_and_logged(cast: Cast, content: bytes, reason: str) -> None:
    publication = publish(cast, content)
    run_due()
    logged = SecurityEvent.objects.get(kind="files.quarantine")
    assert verdict(publication) == ("quarantined", reason)
    assert logged.details == {"file": str(publication.file_id), "reason": reason}
    with pytest.raises(NotClean):
        download(reloaded(publication), by=cast.users["marieke"])


def test_only_a_clean_file_may_be_opened() -> None:
    assert {state: may_open(StoredFile(state=state)) for state in StoredFile.State} == {
        "waiting": False,
        "clean": True,
        "quarantined": False,
    }


@pytest.mark.parametrize(
    "answer",
    [b"", b"stream: O", b"INSTREAM size limit exceeded. ERROR\0", b"stream: x ERROR\0", None],
)
def test_file_keeps_waiting_without_a_valid_answer(
    cast: Cast, settings: Any, tmp_path: Path, answer: bytes | None, monkeypatch: Any
) -> None:
    publication = publish(cast)
    monkeypatch.setattr("portaal.gateways.scanner.clamd.ANSWER_SECONDS", 0.3)
    with fake_clamd(tmp_path, answer) as settings.SCANNER:
        run_due()
    job = Job.objects.get(task=check.module_path)
    assert verdict(publication) == ("waiting", "")
    assert job.state == "ready"
    assert job.error.partition(":")[0] == "ScannerUnavailable"


def test_file_is_quarantined_when_the_scanner_stays_away(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.SCANNER = ClamdEndpoint(path=str(tmp_path / "nothing.ctl"))
    states = []
    with travel(timezone.now(), tick=False) as clock:
        publication = publish(cast)
        for wait in [*RETRY_AFTER, RETRY_AFTER[0]]:
            run_due()
            states.append(verdict(publication))
            clock.shift(wait)
    assert states == [("waiting", "")] * (ATTEMPTS_MAX - 1) + [("quarantined", "unchecked")]
    settings.SCANNER = None
    rescan(reloaded(publication), by=cast.users["marieke"])
    run_due()
    assert verdict(publication) == ("clean", "")


def test_file_without_its_bytes_does_not_become_clean(cast: Cast, hands: Any) -> None:
    publication = publish(cast)
    hands.remove(publication.file_id)
    run_due()
    assert verdict(publication) == ("waiting", "")


def test_second_check_changes_nothing(cast: Cast) -> None:
    publication = publish(cast, SCRIPT)
    run_due()
    release(reloaded(publication), by=cast.users["marieke"])
    check.func(str(publication.file_id))
    assert verdict(publication) == ("clean", "active")


def test_late_result_of_a_slow_worker_is_ignored(cast: Cast, monkeypatch: Any) -> None:
    publication = publish(cast)

    def other_worker_finishes(file: StoredFile) -> str:
        StoredFile.objects.filter(pk=file.pk).update(state="quarantined", reason="found")
        return ""

    monkeypatch.setattr("portaal.domain.files.tasks.quarantine_reason", other_worker_finishes)
    check.func(str(publication.file_id))
    assert verdict(publication) == ("quarantined", "found")


def test_check_of_a_swept_file_does_nothing(cast: Cast) -> None:
    file = send(cast.users["marieke"], cast.dossiers["purchase"])
    StoredFile.objects.filter(pk=file.pk).update(
        received_at=timezone.now() - sweep.UNCLAIMED_FOR * 2
    )
    assert sweep.sweep() == 1
    check.func(str(file.pk))


def test_concurrent_workers_log_a_quarantine_once(committed_cast: Cast) -> None:
    publication = publish(committed_cast, SCRIPT)
    results = at_once(*[lambda: check.func(str(publication.file_id))] * 3)
    assert results == [None] * 3
    assert verdict(publication) == ("quarantined", "active")
    assert SecurityEvent.objects.filter(kind="files.quarantine").count() == 1
    assert list(sweep.verify()) == []


def test_check_command_rescans_only_unchecked_files(cast: Cast) -> None:
    unchecked, infected = publish(cast), publish(cast, VIRUS)
    run_due()
    StoredFile.objects.filter(pk=unchecked.file_id).update(state="quarantined", reason="unchecked")
    call_command("files", "check")
    assert verdict(unchecked) == ("waiting", "")
    assert verdict(infected) == ("quarantined", "found")
    run_due()
    assert verdict(unchecked) == ("clean", "")


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClamdEndpoint]:
    with real_clamd(tmp_path_factory.mktemp("clamd")) as endpoint:
        yield endpoint


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (VIRUS, "akte.pdf", ("quarantined", "found")),
        (docx({"word/media/a.txt": EICAR}), "brief.docx", ("quarantined", "found")),
        (EICAR, "tekst.txt", ("quarantined", "found")),
        (PDF, "akte.pdf", ("clean", "")),
        (docx(), "brief.docx", ("clean", "")),
        # Larger than the limit of this clamd.
        (PDF[:9] + bytes(2_000_000) + PDF[9:], "groot.pdf", ("waiting", "")),
    ],
    ids=["pdf", "docx", "txt", "sound pdf", "sound docx", "too large for it"],
)
def test_real_clamd_decides_the_state_of_a_file(
    cast: Cast,
    settings: Any,
    clamd: ClamdEndpoint,
    content: bytes,
    name: str,
    expected: tuple[str, str],
) -> None:
    settings.SCANNER = clamd
    Job.objects.all().delete()
    file = send(
        cast.users["marieke"], cast.dossiers["purchase"], content=content, name=name, kinds=ALL
    )
    run_due()
    file.refresh_from_db()
    assert (file.state, file.reason) == expected


def test_check_of_a_large_file_uses_little_memory(
    cast: Cast, settings: Any, clamd: ClamdEndpoint
) -> None:
    content = PDF[:9] + bytes(9_000_000) + PDF[9:]
    file = send(cast.users["marieke"], cast.dossiers["purchase"], content=content)
    tracemalloc.start()
    try:
        check.func(str(file.pk))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    file.refresh_from_db()
    assert file.state == "clean"
    assert peak < 3_000_000


def test_scanner_has_less_time_than_the_lease_of_a_job() -> None:
    assert Clamd(ClamdEndpoint()).seconds < LEASE.total_seconds()


def test_unavailable_scanner_is_an_oserror() -> None:
    assert issubclass(ScannerUnavailable, OSError)
