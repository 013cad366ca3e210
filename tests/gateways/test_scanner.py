"""The scanner finds, finds nothing, or gives no answer that counts: never a half one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.clamd import STREAM_MAX, real_clamd, told_clamd

from portaal.gateways.scanner import ScannerUnavailable, scanner
from portaal.gateways.scanner.clamd import Clamd, ClamdEndpoint
from portaal.gateways.scanner.standin import EICAR, StandIn


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClamdEndpoint]:
    with real_clamd(tmp_path_factory.mktemp("clamd")) as endpoint:
        yield endpoint


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/eicar.txt", content)
    return out.getvalue()


def parts(content: bytes) -> list[bytes]:
    return [content[at : at + 1000] for at in range(0, len(content), 1000)]


@pytest.mark.parametrize(
    "content", [EICAR, zipped(EICAR), zipped(zipped(EICAR))], ids=["plain", "in a zip", "in two"]
)
def test_a_real_clamd_finds_it(endpoint: ClamdEndpoint, content: bytes) -> None:
    assert Clamd(endpoint).scan([content]) == "Eicar-Test-Signature.UNOFFICIAL"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 gewoon", bytes(300_000), EICAR[:40]], ids=["text", "zeros", "half of it"]
)
def test_a_real_clamd_finds_nothing_in_what_is_sound(
    endpoint: ClamdEndpoint, content: bytes
) -> None:
    assert Clamd(endpoint).scan(parts(content)) == ""


def test_a_real_clamd_that_may_not_read_so_much_has_not_answered(endpoint: ClamdEndpoint) -> None:
    with pytest.raises(ScannerUnavailable):
        Clamd(endpoint).scan([bytes(100_000)] * (STREAM_MAX // 100_000 + 30))


def test_a_real_clamd_over_tcp(endpoint: ClamdEndpoint) -> None:
    port = next(
        line.split()[1]
        for line in Path(endpoint.path).with_name("clamd.conf").read_text().splitlines()
        if "TCPSocket" in line
    )
    assert (
        Clamd(ClamdEndpoint.parse(f"clamd://127.0.0.1:{port}")).scan([EICAR])
        == "Eicar-Test-Signature.UNOFFICIAL"
    )


def test_an_empty_part_does_not_end_the_file(endpoint: ClamdEndpoint) -> None:
    assert (
        Clamd(endpoint).scan([b"", EICAR[:20], b"", EICAR[20:]])
        == "Eicar-Test-Signature.UNOFFICIAL"
    )


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK",
        b"stream: O",
        b"stream: Eicar FOUND",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0",
        b"UNKNOWN COMMAND\0",
        b"\xff\xfe\0",
        b"x" * 10_000,
    ],
)
def test_half_an_answer_or_a_fault_is_no_answer(tmp_path: Path, answer: bytes) -> None:
    with told_clamd(tmp_path, answer) as endpoint, pytest.raises(ScannerUnavailable):
        Clamd(endpoint, seconds=5).scan([b"akte"])


@pytest.mark.parametrize(
    ("answer", "found"), [(b"stream: OK\0", ""), (b"stream: Win.Trojan-1 FOUND\0", "Win.Trojan-1")]
)
def test_a_whole_answer_counts(tmp_path: Path, answer: bytes, found: str) -> None:
    with told_clamd(tmp_path, answer) as endpoint:
        assert Clamd(endpoint, seconds=5).scan([b"akte"]) == found


def test_ok_before_the_whole_file_is_no_answer(tmp_path: Path) -> None:
    with (
        told_clamd(tmp_path, b"stream: OK\0", early=True) as endpoint,
        pytest.raises(ScannerUnavailable),
    ):
        Clamd(endpoint, seconds=5).scan([bytes(65_536)] * 200)


def test_a_scanner_that_hangs_is_left(tmp_path: Path) -> None:
    with (
        told_clamd(tmp_path, None) as endpoint,
        pytest.raises(ScannerUnavailable, match="did not answer"),
    ):
        Clamd(endpoint, seconds=0.3).scan([b"akte"])


def test_a_scanner_that_is_not_there_is_away(tmp_path: Path) -> None:
    with pytest.raises(ScannerUnavailable, match="is away"):
        Clamd(ClamdEndpoint(path=str(tmp_path / "nothing.ctl"))).scan([b"akte"])


def test_what_goes_wrong_in_reading_the_file_is_not_the_scanners_fault(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"akte"
        raise FileNotFoundError

    with told_clamd(tmp_path, b"stream: OK\0") as endpoint, pytest.raises(FileNotFoundError):
        Clamd(endpoint, seconds=5).scan(broken())


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("clamd:/run/clamav/clamd.ctl", ClamdEndpoint(path="/run/clamav/clamd.ctl")),
        ("clamd://127.0.0.1:3310", ClamdEndpoint(host="127.0.0.1", port=3310)),
        ("clamd:///run/clamd.ctl", ClamdEndpoint(path="/run/clamd.ctl")),
    ],
)
def test_a_place_is_read(text: str, endpoint: ClamdEndpoint) -> None:
    assert ClamdEndpoint.parse(text) == endpoint


@pytest.mark.parametrize(
    "text",
    [
        "clamd",
        "clamd:",
        "clamd:run.ctl",
        "clamd://host",
        "clamd://host:x",
        "clamd://:3310",
        "http://host:80",
        "clamd://h:1/x",
    ],
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be like"):
        ClamdEndpoint.parse(text)


def test_the_stand_in_finds_the_test_file_wherever_it_is_cut() -> None:
    assert [StandIn().scan([b"x" + EICAR[:at], EICAR[at:]]) for at in (0, 1, 40, 67)] == [
        "Eicar-Test-Signature"
    ] * 4
    assert StandIn().scan([EICAR[:-1], b"x"]) == ""


def test_the_setting_chooses(settings: Any) -> None:
    settings.SCANNER = None
    assert isinstance(scanner(), StandIn)
    settings.SCANNER = ClamdEndpoint(path="/run/clamd.ctl")
    assert isinstance(scanner(), Clamd)
