"""Fields of every form: what people paste is made fit to keep, or refused with words (security.md D6-D8)."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from portaal.domain.messaging.validators import normalize

# What nobody sees and what turns text around: marks of direction, zero width, byte order. Joiners stay: emoji need them.
UNSEEN = dict.fromkeys(
    [
        0x00AD,
        0x061C,
        0x180E,
        0x200B,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
    ]
)
JOINERS = "\u200c\u200d"


def one_line(text: str) -> str:
    """`text` on one line, composed (NFC), without what cannot be seen; empty when nothing is left to see."""
    text = unicodedata.normalize("NFC", text.translate(UNSEEN))
    text = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text
    )
    text = " ".join(text.encode("utf-8", "ignore").decode().split())
    return text if text.strip(JOINERS + "\u2800\u3164\u115f\u1160 ") else ""


class Line(forms.CharField):
    """A text of one line."""

    def to_python(self, value: Any) -> str:
        return super().to_python(one_line(str(value)) if value is not None else value)


class Text(forms.CharField):
    """A text of several lines, kept as it was written; what it may be is for the domain."""

    widget = forms.Textarea(attrs={"rows": 10})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(normalize(str(value)) if value is not None else value)


class Files(forms.FileField):
    """Files that came with a form. What is wrong with one is for the domain, so here each is let through."""

    widget = type("ManyFiles", (forms.FileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data


class Phone(Line):
    """A telephone number as people write it; kept as written."""

    default_validators = [
        RegexValidator(
            r"^\+?[0-9][0-9 ()./-]{6,18}\Z",
            _("Enter a phone number in digits, such as 06 12345678."),
        )
    ]


class Colour(Line):
    """A colour as '#2B3A7D', with or without the sign; kept in small letters."""

    default_validators = [
        RegexValidator(
            r"^#[0-9a-f]{6}\Z", _("Enter a colour as a code of six signs, such as #2B3A7D.")
        )
    ]
    widget = forms.TextInput(
        attrs={"class": "width-small", "autocomplete": "off", "spellcheck": "false", "maxlength": 7}
    )

    def to_python(self, value: Any) -> str:
        code = super().to_python(value).lower()
        return f"#{code}" if code and not code.startswith("#") else code


class Email(forms.EmailField):
    """An e-mail address that mail can go to: its name in plain letters, as look-alikes lead to somebody else's box."""

    default_error_messages = {
        "invalid": _("Enter a whole e-mail address, such as name@example.nl.")
    }

    def to_python(self, value: Any) -> str:
        return super().to_python(one_line(str(value)) if value is not None else value)

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value.rpartition("@")[0].isascii():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
