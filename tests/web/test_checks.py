"""`portaal check` and the health page report problems."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from portaal.web.checks import no_room


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_missing_data_folder_is_an_error(data: Path, settings: Any) -> None:
    settings.DATA_DIR = data / "nowhere"
    with pytest.raises(SystemCheckError, match=r"portaal\.E001"):
        call_command("check")


def test_world_readable_folder_is_warned_about_in_production(
    data: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.PRODUCTION = True
    data.chmod(0o755)
    call_command("check")
    assert "portaal.W001" in capsys.readouterr().err
    data.chmod(0o750)
    call_command("check")
    assert "no issues" in capsys.readouterr().out


@pytest.mark.django_db
def test_nearly_full_disk_is_reported(
    data: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Client().get("/gezondheid").content == b"ok"
    settings.FREE_SPACE_MIN = 2**62
    answer = Client().get("/gezondheid")
    assert answer.status_code == 503
    assert "MB left" in answer.text
    call_command("check")
    assert "portaal.W002" in capsys.readouterr().err


def test_unreadable_data_folder_is_told_without_its_path(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "secret"
    assert no_room() == "The data folder cannot be read: No such file or directory."
