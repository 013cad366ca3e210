"""The virus scanner: it finds a signature, finds nothing, or is unavailable."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.clamd import STREAM_MAX, fake_clamd, real_clamd

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


def chunked(content: bytes) -> list[bytes]:
    return [content[at : at + 1000] for at in range(0, len(content), 1000)]


@pytest.mark.parametrize(
    "content", [EICAR, zipped(EICAR), zipped(zipped(EICAR))], ids=["plain", "in a zip", "in two"]
)
def test_real_clamd_finds_the_test_file(endpoint: ClamdEndpoint, content: bytes) -> None:
    assert Clamd(endpoint).scan([content]) == "Eicar-Test-Signature.UNOFFICIAL"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 gewoon", bytes(300_000), EICAR[:40]], ids=["text", "zeros", "half of it"]
)
def test_real_clamd_finds_nothing_in_a_clean_file(endpoint: ClamdEndpoint, content: bytes) -> None:
    assert Clamd(endpoint).scan(chunked(content)) == ""


def test_real_clamd_is_unavailable_for_a_file_above_its_limit(endpoint: ClamdEndpoint) -> None:
    with pytest.raises(ScannerUnavailable):
        Clamd(endpoint).scan([bytes(100_000)] * (STREAM_MAX // 100_000 + 30))


def test_real_clamd_finds_the_test_file_over_tcp(endpoint: ClamdEndpoint) -> None:
    port = next(
        line.split()[1]
        for line in Path(endpoint.path).with_name("clamd.conf").read_text().splitlines()
        if "TCPSocket" in line
    )
    assert (
        Clamd(ClamdEndpoint.parse(f"clamd://127.0.0.1:{port}")).scan([EICAR])
        == "Eicar-Test-Signature.UNOFFICIAL"
    )


def test_empty_chunk_does_not_end_the_stream(endpoint: ClamdEndpoint) -> None:
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
def test_incomplete_or_failed_answer_is_unavailable(tmp_path: Path, answer: bytes) -> None:
    with fake_clamd(tmp_path, answer) as endpoint, pytest.raises(ScannerUnavailable):
        Clamd(endpoint, seconds=5).scan([b"akte"])


@pytest.mark.parametrize(
    ("answer", "signature"),
    [(b"stream: OK\0", ""), (b"stream: Win.Trojan-1 FOUND\0", "Win.Trojan-1")],
)
def test_complete_answer_gives_the_signature(tmp_path: Path, answer: bytes, signature: str) -> None:
    with fake_clamd(tmp_path, answer) as endpoint:
        assert Clamd(endpoint, seconds=5).scan([b"akte"]) == signature


def test_ok_before_the_end_of_the_file_is_unavailable(tmp_path: Path) -> None:
    with (
        fake_clamd(tmp_path, b"stream: OK\0", early=True) as endpoint,
        pytest.raises(ScannerUnavailable),
    ):
        Clamd(endpoint, seconds=5).scan([bytes(65_536)] * 200)


def test_hanging_scanner_is_unavailable(tmp_path: Path) -> None:
    with (
        fake_clamd(tmp_path, None) as endpoint,
        pytest.raises(ScannerUnavailable, match="did not answer"),
    ):
        Clamd(endpoint, seconds=0.3).scan([b"akte"])


def test_missing_scanner_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(ScannerUnavailable, match="is away"):
        Clamd(ClamdEndpoint(path=str(tmp_path / "nothing.ctl"))).scan([b"akte"])


def test_error_in_reading_the_file_is_not_translated(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"akte"
        raise FileNotFoundError

    with fake_clamd(tmp_path, b"stream: OK\0") as endpoint, pytest.raises(FileNotFoundError):
        Clamd(endpoint, seconds=5).scan(broken())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("clamd:/run/clamav/clamd.ctl", ClamdEndpoint(path="/run/clamav/clamd.ctl")),
        ("clamd://127.0.0.1:3310", ClamdEndpoint(host="127.0.0.1", port=3310)),
        ("clamd:///run/clamd.ctl", ClamdEndpoint(path="/run/clamd.ctl")),
    ],
)
def test_valid_endpoint_is_parsed(text: str, expected: ClamdEndpoint) -> None:
    assert ClamdEndpoint.parse(text) == expected


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
def test_invalid_endpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be like"):
        ClamdEndpoint.parse(text)


@pytest.mark.parametrize("at", [0, 1, 40, 67])
def test_stand_in_finds_the_test_file_across_chunks(at: int) -> None:
    assert StandIn().scan([b"x" + EICAR[:at], EICAR[at:]]) == "Eicar-Test-Signature"


def test_stand_in_finds_nothing_in_a_part_of_the_test_file() -> None:
    assert StandIn().scan([EICAR[:-1], b"x"]) == ""


def test_stand_in_is_used_without_the_setting(settings: Any) -> None:
    settings.SCANNER = None
    assert isinstance(scanner(), StandIn)


def test_clamd_is_used_with_the_setting(settings: Any) -> None:
    settings.SCANNER = ClamdEndpoint(path="/run/clamd.ctl")
    assert isinstance(scanner(), Clamd)
