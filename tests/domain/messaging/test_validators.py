"""A text is counted as the browser counts it, refused in words, and never cut (manual 2.1.1.5; security.md D6)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portaal.domain.messaging.validators import (
    BODY_MAX,
    SUBJECT_MAX,
    clean_content,
    is_blank,
    normalize,
    utf16_length,
)

FAMILY = "👨‍👩‍👧‍👦"
ZALGO = "Z͑ͫ̓ͪ̂ͫ"
# What one sign counts for; a line break is one, however it came.
UNITS = {
    "a": 1,
    "é": 1,
    "e\u0301": 2,
    "😀": 2,
    FAMILY: 11,
    "🇳🇱": 4,
    ZALGO: len(ZALGO),
    "\r\n": 1,
    "\n": 1,
    "\r": 1,
    "\u2028": 1,
    "\t": 1,
    "\u2066a\u2069": 3,
    "\ufeffa": 2,
}


@pytest.mark.parametrize("sign", UNITS, ids=ascii)
def test_a_sign_counts_for_its_utf_16_units(sign: str) -> None:
    assert utf16_length(normalize(sign)) == UNITS[sign]


@pytest.mark.parametrize("sign", UNITS, ids=ascii)
@pytest.mark.parametrize("length", [BODY_MAX - 1, BODY_MAX, BODY_MAX + 1])
def test_a_body_of_4000_is_taken_whole_and_one_more_is_refused(sign: str, length: int) -> None:
    room = (
        length - 1
    )  # one visible sign at the end, so that breaks and marks alone do not make it blank
    body = sign * (room // UNITS[sign]) + "x" * (room % UNITS[sign]) + "x"
    if length <= BODY_MAX:
        assert clean_content("Vraag", body) == ("Vraag", normalize(body))
    else:
        with pytest.raises(ValidationError) as refused:
            clean_content("Vraag", body)
        assert list(refused.value.message_dict) == ["body"]


def test_a_body_that_is_too_long_is_refused_with_the_manuals_words() -> None:
    with translation.override("nl"), pytest.raises(ValidationError) as refused:
        clean_content("Vraag", "x" * (BODY_MAX + 12))
    assert refused.value.message_dict["body"] == [
        "Het maximaal aantal van 4000 karakters voor een bericht is bereikt. Uw bericht heeft er 4012: maak het korter."
    ]


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        "   ",
        "\r\n\t",
        "\u200b\u200d",
        "\ufeff",
        "\u2066\u2069",
        "\u2800",
        "\u3164",
        "\0",
        "\ud800",
    ],
    ids=ascii,
)
def test_what_shows_nothing_is_no_subject_and_no_body(nothing: str) -> None:
    assert is_blank(nothing)
    with pytest.raises(ValidationError) as refused:
        clean_content(nothing, nothing)
    assert sorted(refused.value.message_dict) == ["body", "subject"]


def test_a_subject_has_one_line_and_an_end() -> None:
    assert (
        clean_content("  Kopie\r\nBcc: x@example.nl\tstukken ", "Beste,")[0]
        == "Kopie Bcc: x@example.nl stukken"
    )
    assert clean_content("x" * SUBJECT_MAX, "Beste,")[0] == "x" * SUBJECT_MAX
    with pytest.raises(ValidationError) as refused:
        clean_content("x" * (SUBJECT_MAX + 1), "Beste,")
    assert list(refused.value.message_dict) == ["subject"]


@given(st.text(alphabet=st.characters(), min_size=1))  # halves of pairs too
def test_whatever_is_written_is_kept_or_refused(text: str) -> None:
    try:
        _subject, body = clean_content("Vraag", text)
    except ValidationError as refused:
        assert list(refused.message_dict) == ["body"]
        assert is_blank(normalize(text)) or utf16_length(text) > BODY_MAX
    else:
        assert body == normalize(text)
        body.encode()
