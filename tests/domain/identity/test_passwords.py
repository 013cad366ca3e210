"""Rules for a password (manual 1.1), and passwords that are too easy to guess."""

from __future__ import annotations

from typing import Any

import pytest

from portaal.domain.identity.models import User
from portaal.domain.identity.validators import password_errors

OFFICE = "Lindehof notarissen"
SANNE = User(
    email="Sanne.Vermeulen1985@example.nl", first_names="Sanne", infix="de", surname="Vermeulen"
)
EASY = "This password is easy to guess. Choose another one, for example a short sentence."


def errors(password: str) -> list[str]:
    return password_errors(password, user=SANNE, office_name=OFFICE)


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("Kersen8", ["Use at least 8 characters."]),
        ("Kersens8", []),
        ("kersenboom8", ["Use at least 1 capital letter."]),
        ("Kersenboom", ["Use at least 1 digit."]),
        (
            "",
            [
                "Use at least 8 characters.",
                "Use at least 1 capital letter.",
                "Use at least 1 digit.",
            ],
        ),
        ("Kersenboom8" + "x" * 117, []),
        ("Kersenboom8" + "x" * 118, ["Use at most 128 characters."]),
        ("x" * 10_000_000, ["Use at most 128 characters."]),
        ("Été7🌳🌳🌳🌳", []),
        ("É7🌳🌳🌳🌳", ["Use at least 8 characters."]),
        ("Kersenboom٣", ["Use at least 1 digit."]),
        ("een Korte zin 7", []),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_password_needs_eight_characters_a_capital_and_a_digit(
    password: str, expected: list[str]
) -> None:
    assert errors(password) == expected


@pytest.mark.parametrize(
    "password",
    [
        "Welkom01", "Welkom2026!", "W3lk0m01", "Wachtwoord1", "Password1", "P@ssw0rd1",
        "Zomer2026", "November2026", "Lindehof2026", "Lindehof1!", "Notarissen1",
        "LindehofNotarissen1", "Sanne1985", "Vermeulen1!", "SanneDeVermeulen1",
        "Sanne.Vermeulen1985", "Sanne.Vermeulen1985@example.nl", "Aa1Aa1Aa1", "AAAAAAA1",
        "Qwerty123",
    ],
)  # fmt: skip
def test_password_that_is_easy_to_guess_is_refused(password: str) -> None:
    assert errors(password) == [EASY]


def test_nist_policy_checks_length_only(settings: Any) -> None:
    settings.PASSWORD_POLICY = "nist"
    assert {
        word: errors(word)
        for word in ("kersenboomgaarde", "kersenboomgaar", "Kersenboom8", "x" * 129)
    } == {
        "kersenboomgaarde": [],
        "kersenboomgaar": ["Use at least 15 characters."],
        "Kersenboom8": ["Use at least 15 characters."],
        "x" * 129: ["Use at most 128 characters."],
    }
