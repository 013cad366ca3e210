"""Validation of messages: counted as in the browser, never truncated (manual 2.1.1.5)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests.corpus import UNITS, text_of

from portaal.domain.messaging.models import MessageContent
from portaal.domain.messaging.validators import (
    BODY_MAX,
    SUBJECT_MAX,
    clean_content,
    is_blank,
    normalize,
    utf16_length,
)


@pytest.mark.parametrize("sign", UNITS, ids=ascii)
def test_length_counts_utf_16_units(sign: str) -> None:
    assert utf16_length(normalize(sign)) == UNITS[sign]


@pytest.mark.parametrize("sign", UNITS, ids=ascii)
@pytest.mark.parametrize("length", [BODY_MAX - 1, BODY_MAX, BODY_MAX + 1])
def test_body_of_4000_units_is_valid_and_4001_is_not(sign: str, length: int) -> None:
    body = text_of(length, sign)
    if length <= BODY_MAX:
        assert clean_content("Vraag", body) == MessageContent("Vraag", normalize(body))
    else:
        with pytest.raises(ValidationError) as refused:
            clean_content("Vraag", body)
        assert list(refused.value.message_dict) == ["body"]


def test_body_over_limit_gives_sentence_of_manual() -> None:
    with translation.override("nl"), pytest.raises(ValidationError) as refused:
        clean_content("Vraag", "x" * (BODY_MAX + 12))
    assert refused.value.message_dict["body"] == [
        "Het maximaal aantal van 4000 karakters voor een bericht is bereikt. "
        "Uw bericht heeft er 4012: maak het korter."
    ]


@pytest.mark.parametrize(
    "blank",
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
def test_invisible_text_is_no_subject_and_no_body(blank: str) -> None:
    assert is_blank(blank)
    with pytest.raises(ValidationError) as refused:
        clean_content(blank, blank)
    assert sorted(refused.value.message_dict) == ["body", "subject"]


def test_subject_is_one_line_of_limited_length() -> None:
    assert (
        clean_content("  Kopie\r\nBcc: x@example.nl\tstukken ", "Beste,").subject
        == "Kopie Bcc: x@example.nl stukken"
    )
    assert clean_content("x" * SUBJECT_MAX, "Beste,").subject == "x" * SUBJECT_MAX
    with pytest.raises(ValidationError) as refused:
        clean_content("x" * (SUBJECT_MAX + 1), "Beste,")
    assert list(refused.value.message_dict) == ["subject"]


@given(st.text(alphabet=st.characters(), min_size=1))  # includes lone surrogates
def test_any_text_is_stored_whole_or_refused(text: str) -> None:
    try:
        body = clean_content("Vraag", text).body
    except ValidationError as refused:
        assert list(refused.message_dict) == ["body"]
        assert is_blank(normalize(text)) or utf16_length(text) > BODY_MAX
    else:
        assert body == normalize(text)
        body.encode()
