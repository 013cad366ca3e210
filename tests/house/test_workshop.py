"""Tests of the tools that the Makefile calls."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.house.source import ROOT

WITHOUT_DATABASE_URL = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


def tool(*command: str | Path, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env=WITHOUT_DATABASE_URL, **options
    )


@pytest.mark.parametrize(
    ("says", "code", "closing"),
    [
        ("12 passed in 3.21s", 0, "sqlite: 12 passed in 0 s\n"),
        (
            "===== 1 failed, 12 passed in 3.21s =====",
            1,
            "sqlite: 1 failed, 12 passed in 0 s - FAILED\n",
        ),
        ("All checks passed!", 0, "sqlite: ok in 0 s\n"),
        ("broken", 2, "sqlite: failed in 0 s - FAILED\n"),
    ],
)
def test_suite_ends_with_one_line_and_its_exit_code(says, code, closing):
    script = f"import sys, time; print({says!r}); sys.exit({code})"
    done = tool(sys.executable, "tools/suite.py", "sqlite", "--", sys.executable, "-c", script)
    assert done.stdout == f"{says}\n{closing}"
    assert done.returncode == code


def test_quiet_suite_prints_its_output_on_failure():
    quiet = ("tools/suite.py", "lint", "--quiet", "--", sys.executable, "-c")
    assert tool(sys.executable, *quiet, "print('all well')").stdout == "lint: ok in 0 s\n"
    assert (
        tool(sys.executable, *quiet, "exit('a fault')").stdout
        == "a fault\nlint: failed in 0 s - FAILED\n"
    )


def test_browser_tests_are_in_the_folder_of_their_suite():
    found = {
        path.parent
        for path in (ROOT / "tests").rglob("test_*.py")
        if "pytest.mark.browser" in path.read_text()
    }
    assert found == {ROOT / "tests" / "manual", Path(__file__).parent}


def test_only_demo_data_is_wiped(tmp_path):
    (tmp_path / "portaal.sqlite3").touch()
    assert tool("tools/wipe-demo.sh", tmp_path).returncode == 1
    assert (tmp_path / "portaal.sqlite3").exists()
    (tmp_path / "demo").touch()
    assert tool("tools/wipe-demo.sh", tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_external_database_is_not_wiped(tmp_path):
    elsewhere = os.environ | {"DATABASE_URL": "postgresql://office@db.example.nl/portaal"}
    assert (
        subprocess.run(
            ["tools/wipe-demo.sh", tmp_path], cwd=ROOT, env=elsewhere, capture_output=True
        ).returncode
        == 1
    )


@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which("initdb") or list(Path("/usr/lib").glob("postgresql/*/bin/initdb"))),
    reason="no PostgreSQL",
)
def test_temporary_database_ends_with_its_command_or_caller(open_folder):
    with_database = (sys.executable, "tools/postgres.py", "--", sys.executable, "-c")
    connects = (
        "import os, psycopg; database = psycopg.connect(os.environ['DATABASE_URL']); "
        "print(database.execute('select 6 * 7').fetchone()[0])"
    )
    environment = WITHOUT_DATABASE_URL | {"TMPDIR": str(open_folder)}
    done = subprocess.run(
        [*with_database, f"{connects}; exit(3)"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "42\n"
    assert done.returncode == 3

    ended = subprocess.Popen(
        [*with_database, "import time; print('up', flush=True); time.sleep(60)"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
    )
    assert ended.stdout and ended.stdout.readline() == b"up\n"
    ended.send_signal(signal.SIGTERM)
    assert ended.wait(20) == 128 + signal.SIGTERM
    ended.stdout.close()
    assert list(open_folder.iterdir()) == []


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Create a temporary folder that the user postgres can reach; pytest's are private."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_makefile_is_read_and_lists_its_commands(tmp_path):
    """The copy is apart, because reading the Makefile forgets steps whose result is missing."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    listed = subprocess.run(
        ["make", "help"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "make run" in listed.stdout
