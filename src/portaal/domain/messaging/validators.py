"""Limits and validation of messages; lengths are counted as the browser counts them."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portaal.domain.texts import normalize

BODY_MAX = 4000  # manual 2.1.1.5, in UTF-16 units
SUBJECT_MAX = 150  # characters
FILES_MAX = 20  # attachments of a message (R53)

# Joiners and letters without a glyph: on their own they are no text.
INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u200c\u200d\u2800\u3164\uffa0"


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, as a textarea's `maxLength` counts: CRLF is one unit."""
    return len(text.replace("\r\n", "\n").encode("utf-16-le", "surrogatepass")) // 2


def is_blank(text: str) -> bool:
    """Return whether no character is visible: spaces, breaks, direction marks and such."""
    return not any(
        unicodedata.category(char)[0] not in "CZ" and char not in INVISIBLE for char in text
    )


def clean_content(subject: str, body: str) -> tuple[str, str]:
    """Return subject and body as they are stored; nothing is ever truncated.

    Raises ValidationError by field (subject, body) for one that is empty or too long (manual
    2.1.1.5).
    """
    subject, body = " ".join(normalize(subject).split()), normalize(body)
    errors = {"subject": _subject_error(subject), "body": body_error(body)}
    if any(errors.values()):
        raise ValidationError({field: error for field, error in errors.items() if error})
    return subject, body


def body_error(body: str) -> str:
    """Return the error of a message's body as a sentence; empty when it is valid."""
    if is_blank(body):
        return _("Enter your message.")
    if utf16_length(body) > BODY_MAX:
        sentence = _(
            "The maximum number of %(most)s characters for a message has been reached. "
            "This one has %(number)s: shorten it."
        )
        return sentence % {"most": BODY_MAX, "number": utf16_length(body)}
    return ""


def _subject_error(subject: str) -> str:
    if is_blank(subject):
        return _("Enter a subject.")
    if len(subject) > SUBJECT_MAX:
        sentence = _("The subject has %(number)s characters. Use at most %(most)s.")
        return sentence % {"number": len(subject), "most": SUBJECT_MAX}
    return ""
