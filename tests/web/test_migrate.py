"""`portaal migrate` refuses the database of another version with one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from tests.house.source import ROOT

UNKNOWN = ("journal", "0099_of_another_version")


@pytest.fixture
def other_version(db: None) -> None:
    """Record a migration that the code does not have."""
    MigrationRecorder(connection).record_applied(*UNKNOWN)


def refusal() -> str:
    with pytest.raises(CommandError) as raised:
        call_command("migrate", verbosity=0)
    return str(raised.value)


def test_database_of_this_version_is_migrated(db: None) -> None:
    call_command("migrate", verbosity=0)


def test_database_of_another_version_is_refused_by_naming_demo_reset(other_version: None) -> None:
    assert refusal() == (
        "The database was made by another version of the portal"
        " (unknown migration journal.0099_of_another_version)."
        " `make demo-reset` deletes its data and loads the demo again."
    )


def test_production_refuses_it_by_naming_version_and_backup(
    other_version: None, settings: Any
) -> None:
    settings.PRODUCTION = True
    assert refusal().endswith(
        "Install the version that made it, or restore the backup that was made with this version."
    )


def test_table_without_a_column_of_an_applied_migration_is_refused(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_securityevent DROP COLUMN network")
    assert "(no column journal_securityevent.network)" in refusal()


def test_migrations_of_a_removed_package_are_accepted(db: None) -> None:
    MigrationRecorder(connection).record_applied("a_removed_package", "0001_initial")
    call_command("migrate", verbosity=0)


@pytest.mark.slow
def test_command_on_an_older_data_folder_ends_with_one_line_and_status_1(tmp_path: Path) -> None:
    """An older folder has the first migration of a room, and one that was removed since."""

    def portaal(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "portaal", *words],
            env={
                **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
                "PYTHONPATH": str(ROOT / "src"),
                "PORTAAL_MODE": "demo",
                "PORTAAL_DATA_DIR": str(tmp_path),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    assert portaal("migrate", "--verbosity", "0").returncode == 0
    add = f"MigrationRecorder(connection).record_applied{UNKNOWN}"
    assert (
        portaal(
            "shell",
            "-c",
            "from django.db import connection;"
            f"from django.db.migrations.recorder import MigrationRecorder; {add}",
        ).returncode
        == 0
    )
    answer = portaal("migrate", "--verbosity", "0")
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
    assert "make demo-reset" in answer.stderr
