"""Production starts with sound settings; an unsafe one is refused by name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from portaal.gateways.keyring import Keyring


@pytest.fixture
def sound(tmp_path: Path) -> dict[str, str]:
    Keyring.make(tmp_path / "keys")
    return {
        "PORTAAL_MODE": "production",
        "PORTAAL_DATA_DIR": str(tmp_path),
        "PORTAAL_BASE_URL": "https://portaal.example.nl",
        "PORTAAL_SMTP_URL": "smtp+starttls://portaal:geheim@mail.example.nl",
        "PORTAAL_MAIL_FROM": "portaal@example.nl",
        "PORTAAL_SCANNER": "clamd:/run/clamav/clamd.ctl",
    }


def check(settings: dict[str, str]) -> tuple[int, str]:
    command = [sys.executable, "-m", "portaal", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_sound_settings_give_no_warning(sound: dict[str, str]):
    assert check(sound) == (0, "System check identified no issues (2 silenced).\n")


SHOW_PAGES = """
import django
django.setup()
from django.template import engines
from django.test import Client
for backend in engines["jinja2"].backends.values():
    for name in backend.env.list_templates(extensions=("html", "txt")):
        if name.startswith(("client/", "mailbox/", "notifications/", "office/", "ui/")):
            backend.env.get_template(name)
browser = Client(HTTP_HOST="portaal.example.nl")
for path in ("/inloggen/", "/kantoor/inloggen/", "/welkom/", "/nergens/"):
    print(browser.get(path, secure=True).status_code)
"""


def test_production_compiles_every_template_and_shows_its_doors(sound: dict[str, str]):
    """The mailbox and the demonstration have no address in production."""
    settings = sound | {"DJANGO_SETTINGS_MODULE": "portaal.settings"}
    for command in (["collectstatic", "--no-input"], ["migrate"]):
        act = [sys.executable, "-m", "portaal", *command, "--verbosity", "0"]
        subprocess.run(act, env=settings, check=True)
    shown = subprocess.run(
        [sys.executable, "-c", SHOW_PAGES], env=settings, capture_output=True, text=True
    )
    assert shown.stdout.split() == ["200", "200", "200", "404"], shown.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORTAAL_MODE", "test", "PORTAAL_MODE"),
        (
            "PORTAAL_BASE_URL",
            "http://portaal.example.nl",
            "PORTAAL_BASE_URL must start with https://",
        ),
        ("PORTAAL_BASE_URL", "https://portaal.example.nl/pad", "PORTAAL_BASE_URL must be like"),
        ("PORTAAL_SMTP_URL", "", "PORTAAL_SMTP_URL is not set"),
        ("PORTAAL_SMTP_URL", "smtp://mail.example.nl", "PORTAAL_SMTP_URL must use smtps"),
        ("PORTAAL_MAIL_FROM", "", "PORTAAL_MAIL_FROM"),
        ("PORTAAL_KEYS_FILE", "/nowhere/keys", "PORTAAL_KEYS_FILE (/nowhere/keys) cannot be used"),
        ("PORTAAL_FILE_MAX_MB", "veel", "PORTAAL_FILE_MAX_MB"),
        (
            "PORTAAL_FILES_URL",
            "http://key:secret@s3.example.nl/bucket",
            "PORTAAL_FILES_URL must start with https://",
        ),
        ("PORTAAL_SCANNER", "", "PORTAAL_SCANNER is not set"),
        (
            "PORTAAL_SCANNER",
            "clamd:run/clamd.ctl",
            "PORTAAL_SCANNER must be like clamd:/run/clamav/clamd.ctl",
        ),
        ("PORTAAL_SCANNER", "clamd://127.0.0.1", "PORTAAL_SCANNER must be like"),
        (
            "DATABASE_URL",
            "mysql://localhost/portaal",
            "DATABASE_URL must name SQLite or PostgreSQL",
        ),
    ],
)
def test_unsafe_setting_stops_start_with_explanation(
    sound: dict[str, str], name: str, value: str, words: str
):
    status, said = check(sound | {name: value})
    assert status != 0
    assert words in said


def test_key_file_readable_by_others_stops_start(sound: dict[str, str]):
    Path(sound["PORTAAL_DATA_DIR"], "keys").chmod(0o644)
    status, said = check(sound)
    assert status != 0
    assert "PORTAAL_KEYS_FILE" in said
