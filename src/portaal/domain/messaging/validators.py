"""What may stand in a message, counted as the browser counts it (manual 2.1.1.5; decision 11 of the manual's page)."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

BODY_MAX = 4000  # manual 2.1.1.5, in UTF-16 units
SUBJECT_MAX = 150  # characters
FILES_MAX = 20  # attachments of a message (R53)

# What joins signs and letters that show as nothing: alone they are no text.
UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u200c\u200d\u2800\u3164\uffa0"


def normalize(text: str) -> str:
    """`text` with the line breaks of a textarea: LF. What no database or page can hold goes: half a pair, NUL."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "ignore").decode().replace("\0", "")


def utf16_length(text: str) -> int:
    """How long a browser says that a text is: its UTF-16 units, a line break counted once."""
    return len(text.replace("\r\n", "\n").encode("utf-16-le", "surrogatepass")) // 2


def is_blank(text: str) -> bool:
    """Whether there is nothing to see: only spaces, breaks, marks of direction and the like."""
    return not any(
        unicodedata.category(sign)[0] not in "CZ" and sign not in UNSEEN for sign in text
    )


def clean_content(subject: str, body: str) -> tuple[str, str]:
    """Subject and body as they are kept. Raises ValidationError by field: one that is empty or too long. Nothing is ever cut."""
    subject, body = " ".join(normalize(subject).split()), normalize(body)
    faults = {"subject": _subject_error(subject), "body": body_error(body)}
    if any(faults.values()):
        raise ValidationError({name: fault for name, fault in faults.items() if fault})
    return subject, body


def body_error(body: str) -> str:
    """What is wrong with a text of a message, in a sentence; empty when it will do."""
    if is_blank(body):
        return _("Enter your message.")
    if utf16_length(body) > BODY_MAX:
        said = _(
            "The maximum number of %(most)s characters for a message has been reached. This one has %(number)s: shorten it."
        )
        return said % {"most": BODY_MAX, "number": utf16_length(body)}
    return ""


def _subject_error(subject: str) -> str:
    if is_blank(subject):
        return _("Enter a subject.")
    if len(subject) > SUBJECT_MAX:
        said = _("The subject has %(number)s characters. Use at most %(most)s.")
        return said % {"number": len(subject), "most": SUBJECT_MAX}
    return ""
