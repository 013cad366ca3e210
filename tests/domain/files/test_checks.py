"""Nobody opens a file before it was scanned and looked into; what the scanner cannot say keeps it waiting."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone
from tests.again import cast_again
from tests.clamd import real_clamd, told_clamd
from tests.domain.files.corpus import docx
from tests.domain.together import at_once
from tests.people import PDF, Cast, send

from portaal.domain.documents import verbs as documents
from portaal.domain.documents.models import Publication, Reading
from portaal.domain.files import sweep
from portaal.domain.files.kinds import ALL
from portaal.domain.files.models import StoredFile
from portaal.domain.files.permissions import NotClean, may_open
from portaal.domain.files.tasks import check
from portaal.domain.jobs.models import Job
from portaal.domain.jobs.worker import ATTEMPTS_MAX, RETRY_AFTER, run_due
from portaal.domain.journal.models import Event, SecurityEvent
from portaal.gateways.scanner import ScannerUnavailable
from portaal.gateways.scanner.clamd import Clamd, ClamdEndpoint
from portaal.gateways.scanner.standin import EICAR

VIRUS = PDF[:9] + EICAR + PDF[9:]
SCRIPT = PDF.replace(b"<<>>", b"<</S/JavaScript>>")
ATTACHED = PDF.replace(b"<<>>", b"<</Type/EmbeddedFile>>")


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_again()


def publish(cast: Cast, content: bytes = PDF) -> Publication:
    """What Sanne is to see, with a file that has not been checked."""
    by, dossier = cast.users["marieke"], cast.dossiers["purchase"]
    Job.objects.all().delete()
    file = send(by, dossier, content=content)
    to = [cast.parties["sanne"]]
    return documents.publish(
        dossier, by=by, file=file, title="Akte", tab="documents", kind="document", parties=to
    )


def now(publication: Publication) -> tuple[str, str]:
    file = StoredFile.objects.get(pk=publication.file_id)
    return file.state, file.reason


def again(publication: Publication) -> Publication:
    return Publication.objects.get(pk=publication.pk)


def test_what_came_in_waits_and_is_opened_by_nobody(cast: Cast) -> None:
    publication = publish(cast)
    events = Event.objects.count()
    for name in ("sanne", "marieke"):
        with pytest.raises(NotClean):
            documents.download(publication, by=cast.users[name])
    assert (now(publication), Reading.objects.count(), Event.objects.count()) == (
        ("waiting", ""),
        0,
        events,
    )


def test_a_stranger_is_not_told_that_it_waits(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        documents.download(publish(cast), by=cast.users["olga"])


def test_the_worker_looks_and_then_it_is_open(cast: Cast) -> None:
    publication = publish(cast)
    run_due()
    assert b"".join(documents.download(again(publication), by=cast.users["sanne"]).chunks()) == PDF
    assert (
        now(publication),
        StoredFile.objects.get(pk=publication.file_id).checked_at is not None,
    ) == (("clean", ""), True)


@pytest.mark.parametrize(
    ("content", "reason"), [(VIRUS, "found"), (SCRIPT, "active"), (ATTACHED, "enclosed")]
)
def test_what_speaks_against_it_holds_it_and_is_written_down(
    cast: Cast, content: bytes, reason: str
) -> None:
    publication = publish(cast, content)
    run_due()
    refused = SecurityEvent.objects.get(kind="files.held")
    assert (now(publication), refused.details) == (
        ("quarantined", reason),
        {"file": str(publication.file_id), "reason": reason},
    )
    with pytest.raises(NotClean):
        documents.download(again(publication), by=cast.users["marieke"])


def test_a_rule_opens_only_what_is_clean() -> None:
    assert {state: may_open(StoredFile(state=state)) for state in StoredFile.State} == {
        "waiting": False,
        "clean": True,
        "quarantined": False,
    }


@pytest.mark.parametrize(
    "answer",
    [b"", b"stream: O", b"INSTREAM size limit exceeded. ERROR\0", b"stream: x ERROR\0", None],
)
def test_without_a_whole_answer_it_waits_on(
    cast: Cast, settings: Any, tmp_path: Path, answer: bytes | None, monkeypatch: Any
) -> None:
    publication = publish(cast)
    monkeypatch.setattr("portaal.gateways.scanner.clamd.ANSWER_SECONDS", 0.3)
    with told_clamd(tmp_path, answer) as settings.SCANNER:
        run_due()
    job = Job.objects.get(task=check.module_path)
    assert (now(publication), job.state, job.error.partition(":")[0]) == (
        ("waiting", ""),
        "ready",
        "ScannerUnavailable",
    )


def test_a_scanner_that_stays_away_holds_it_in_the_end(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.SCANNER = ClamdEndpoint(path=str(tmp_path / "nothing.ctl"))
    states = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        publication = publish(cast)
        for wait in [*RETRY_AFTER, RETRY_AFTER[0]]:
            run_due()
            states.append(now(publication))
            clock.shift(wait)
    assert states == [("waiting", "")] * (ATTEMPTS_MAX - 1) + [("quarantined", "unchecked")]
    with pytest.raises(PermissionDenied):
        documents.release(again(publication), by=cast.users["marieke"])
    settings.SCANNER = None
    documents.rescan(again(publication), by=cast.users["marieke"])
    run_due()
    assert now(publication) == ("clean", "")


def test_bytes_that_are_gone_are_no_clean_file(cast: Cast, hands: Any) -> None:
    publication = publish(cast)
    hands.remove(publication.file_id)
    run_due()
    assert now(publication) == ("waiting", "")


def test_checking_twice_changes_nothing(cast: Cast) -> None:
    publication = publish(cast, SCRIPT)
    run_due()
    documents.release(again(publication), by=cast.users["marieke"])
    check.func(str(publication.file_id))
    assert now(publication) == ("clean", "active")


def test_a_worker_that_was_slow_changes_nothing(cast: Cast, monkeypatch: Any) -> None:
    """It was looking when another, to whom the job had gone, ended."""
    publication = publish(cast)

    def meanwhile(file: StoredFile) -> str:
        StoredFile.objects.filter(pk=file.pk).update(state="quarantined", reason="found")
        return ""

    monkeypatch.setattr("portaal.domain.files.tasks.quarantine_reason", meanwhile)
    check.func(str(publication.file_id))
    assert now(publication) == ("quarantined", "found")


def test_a_file_that_was_swept_meanwhile_is_nothing_to_do(cast: Cast) -> None:
    file = send(cast.users["marieke"], cast.dossiers["purchase"])
    StoredFile.objects.filter(pk=file.pk).update(
        received_at=timezone.now() - sweep.UNCLAIMED_FOR * 2
    )
    assert sweep.sweep() == 1
    check.func(str(file.pk))


def test_two_workers_at_once_say_the_same_once(committed_cast: Cast) -> None:
    publication = publish(committed_cast, SCRIPT)
    got = at_once(*[lambda: check.func(str(publication.file_id))] * 3)
    assert (got, now(publication), SecurityEvent.objects.filter(kind="files.held").count()) == (
        [None] * 3,
        ("quarantined", "active"),
        1,
    )
    assert list(sweep.verify()) == []


def test_a_handler_lets_through_what_can_be_meant_well(cast: Cast) -> None:
    publication = publish(cast, SCRIPT)
    run_due()
    for _ in range(2):
        documents.release(again(publication), by=cast.users["joost"])
    recorded = Event.objects.filter(verb="documents.let_through")
    assert [(event.actor_id, event.details) for event in recorded] == [
        (cast.users["joost"].pk, {"reason": "active"})
    ]
    assert (
        b"".join(documents.download(again(publication), by=cast.users["sanne"]).chunks()) == SCRIPT
    )


@pytest.mark.parametrize("reason", ["found", "unchecked", "macros", "mixed", "unlike", "too_much"])
def test_nobody_lets_through_what_may_do_harm(cast: Cast, reason: str) -> None:
    publication = publish(cast)
    StoredFile.objects.filter(pk=publication.file_id).update(state="quarantined", reason=reason)
    with pytest.raises(PermissionDenied):
        documents.release(again(publication), by=cast.users["marieke"])
    assert now(publication) == ("quarantined", reason)


@pytest.mark.parametrize("name", ["ina", "sanne", "olga"])
@pytest.mark.parametrize("act", [documents.release, documents.rescan])
def test_only_who_handles_the_dossier_decides(cast: Cast, name: str, act: Any) -> None:
    publication = publish(cast, SCRIPT)
    run_due()
    with pytest.raises(PermissionDenied):
        act(again(publication), by=cast.users[name])
    assert now(publication) == ("quarantined", "active")


def test_what_still_waits_is_not_let_through(cast: Cast) -> None:
    publication = publish(cast, VIRUS)
    documents.release(publication, by=cast.users["marieke"])
    assert (now(publication), Event.objects.filter(verb="documents.let_through").count()) == (
        ("waiting", ""),
        0,
    )


def test_checking_again_is_recorded_and_starts_afresh(cast: Cast) -> None:
    publication = publish(cast, VIRUS)
    run_due()
    documents.rescan(again(publication), by=cast.users["marieke"])
    assert (now(publication), Event.objects.filter(verb="documents.check_again").count()) == (
        ("waiting", ""),
        1,
    )
    documents.rescan(again(publication), by=cast.users["marieke"])
    run_due()
    assert (now(publication), Event.objects.filter(verb="documents.check_again").count()) == (
        ("quarantined", "found"),
        1,
    )


def test_the_command_has_all_looked_at_again_that_could_not_be_checked(cast: Cast) -> None:
    unchecked, found = publish(cast), publish(cast, VIRUS)
    run_due()
    StoredFile.objects.filter(pk=unchecked.file_id).update(state="quarantined", reason="unchecked")
    call_command("files", "check")
    assert (now(unchecked), now(found)) == (("waiting", ""), ("quarantined", "found"))
    run_due()
    assert now(unchecked) == ("clean", "")


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClamdEndpoint]:
    with real_clamd(tmp_path_factory.mktemp("clamd")) as endpoint:
        yield endpoint


@pytest.mark.parametrize(
    ("content", "name", "state"),
    [
        (VIRUS, "akte.pdf", ("quarantined", "found")),
        (docx({"word/media/a.txt": EICAR}), "brief.docx", ("quarantined", "found")),
        (EICAR, "tekst.txt", ("quarantined", "found")),
        (PDF, "akte.pdf", ("clean", "")),
        (docx(), "brief.docx", ("clean", "")),
        (
            PDF[:9] + bytes(2_000_000) + PDF[9:],
            "groot.pdf",
            ("waiting", ""),
        ),  # more than this clamd may read
    ],
    ids=["pdf", "docx", "txt", "sound pdf", "sound docx", "too large for it"],
)
def test_a_real_clamd_decides(
    cast: Cast,
    settings: Any,
    clamd: ClamdEndpoint,
    content: bytes,
    name: str,
    state: tuple[str, str],
) -> None:
    settings.SCANNER = clamd
    Job.objects.all().delete()
    file = send(
        cast.users["marieke"], cast.dossiers["purchase"], content=content, name=name, kinds=ALL
    )
    run_due()
    file.refresh_from_db()
    assert (file.state, file.reason) == state


def test_a_large_file_takes_little_memory(cast: Cast, settings: Any, clamd: ClamdEndpoint) -> None:
    content = PDF[:9] + bytes(9_000_000) + PDF[9:]
    file = send(cast.users["marieke"], cast.dossiers["purchase"], content=content)
    tracemalloc.start()
    try:
        check.func(str(file.pk))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    file.refresh_from_db()
    assert (file.state, peak < 3_000_000) == ("clean", True)


def test_what_was_there_before_files_were_checked_is_checked(cast: Cast) -> None:
    publication = publish(cast)
    Job.objects.all().delete()
    import_module("portaal.domain.files.migrations.0002_checked").have_checked(apps, None)
    run_due()
    assert now(publication) == ("clean", "")


def test_the_time_for_an_answer_is_less_than_a_lease() -> None:
    from portaal.domain.jobs.worker import LEASE

    assert Clamd(ClamdEndpoint()).seconds < LEASE.total_seconds()
    assert issubclass(ScannerUnavailable, OSError)
