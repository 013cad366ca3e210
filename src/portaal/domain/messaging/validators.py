"""Limits and validation of messages; lengths are counted as the browser counts them."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portaal.domain.identity.models import User

from .models import Message, MessageContent
from .placeholders import unfilled

BODY_MAX = 4000  # manual 2.1.1.5, in UTF-16 units
SUBJECT_MAX = 150  # characters
FILES_MAX = 20  # attachments of a message (R53)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# Joiners and letters without a glyph: on their own they are no text.
INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u200c\u200d\u2800\u3164\uffa0"


def normalize(text: str) -> str:
    """Return `text` with LF line breaks and without lone surrogates and NUL (not storable)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "ignore").decode().replace("\0", "")


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, as a textarea's `maxLength` counts: CRLF is one unit."""
    return len(text.replace("\r\n", "\n").encode("utf-16-le", "surrogatepass")) // 2


def is_blank(text: str) -> bool:
    """Return whether no character is visible: spaces, breaks, direction marks and such."""
    return not any(
        unicodedata.category(char)[0] not in "CZ" and char not in INVISIBLE for char in text
    )


def clean_message(
    subject: str, body: str, *, by: User, from_office: bool, file_count: int
) -> MessageContent:
    """Return the content of a message as it is stored; nothing is ever truncated.

    Raises ValidationError by field (subject, body, files), or without a field when the rate limit
    is exceeded. Only the office can have used a canned reply with placeholders.
    """
    content = clean_content(subject, body)
    if not from_office:
        _check_rate(by)
    elif open_fields := unfilled(content.body):
        raise ValidationError(
            {"body": _("%(fields)s is still to be filled in.") % {"fields": ", ".join(open_fields)}}
        )
    if file_count > FILES_MAX:
        raise ValidationError(
            {"files": _("A message has at most %(most)s attachments.") % {"most": FILES_MAX}}
        )
    return content


def clean_content(subject: str, body: str) -> MessageContent:
    """Return subject and body as they are stored.

    Raises ValidationError by field for one that is empty or too long (manual 2.1.1.5).
    """
    subject, body = " ".join(normalize(subject).split()), normalize(body)
    errors = {"subject": _subject_error(subject), "body": body_error(body)}
    if any(errors.values()):
        raise ValidationError({field: error for field, error in errors.items() if error})
    return MessageContent(subject, body)


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


def _check_rate(user: User) -> None:
    """Raise ValidationError if a client's login has sent its maximum of an hour or a day.

    Two simultaneous messages may both get the last place, which does no harm.
    """
    now = timezone.now()
    newest = Message.objects.filter(sender=user).order_by("-sent_at").values("sent_at")
    first_of_hour, first_of_day = User.objects.values_list(
        Subquery(newest[settings.MESSAGES_HOUR - 1 : settings.MESSAGES_HOUR]),
        Subquery(newest[settings.MESSAGES_DAY - 1 : settings.MESSAGES_DAY]),
    ).get(pk=user.pk)
    free_at = [
        first + window
        for first, window in ((first_of_hour, HOUR), (first_of_day, DAY))
        if first and first + window > now
    ]
    if free_at:
        sentence = _(
            "You have sent many messages in a short while. You can send this one from %(moment)s."
        )
        raise ValidationError(sentence % {"moment": _moment(max(free_at))})


def _moment(until: datetime) -> str:
    """Format a time as day and minute, rounded up, in the reader's language."""
    format = "l G:i" if get_language() == "en" else "l G.i \\u\\u\\r"
    return date_format(timezone.localtime(until + timedelta(seconds=59)), format)
