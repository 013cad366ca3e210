"""Form fields that normalise pasted text, or reject it with an explanation."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# Invisible marks: direction, zero width, byte order. Joiners stay, as emoji need them.
INVISIBLE = dict.fromkeys(
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
    """Return `text` on one line, in NFC, without invisible marks; "" if none is visible."""
    text = unicodedata.normalize("NFC", text.translate(INVISIBLE))
    text = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text
    )
    text = " ".join(text.encode("utf-8", "ignore").decode().split())
    return text if text.strip(JOINERS + "\u2800\u3164\u115f\u1160 ") else ""


class Line(forms.CharField):
    """A single-line text."""

    def to_python(self, value: object) -> str:
        return super().to_python(None if value is None else one_line(str(value))) or ""


class Text(forms.CharField):
    """A multi-line text, as it was posted: the domain normalises and validates it."""

    widget = forms.Textarea(attrs={"rows": 10})

    def __init__(self, **kwargs: Any) -> None:  # Any: the options of CharField
        super().__init__(strip=False, **kwargs)
        self.validators.clear()  # Django's refuses NUL, which the domain removes


class Files(forms.FileField):
    """Any number of files, accepted as they are: the domain validates them."""

    widget = type("ManyFiles", (forms.FileInput,), {"allow_multiple_selected": True})

    def clean(self, data: object, initial: object = None) -> object:
        return data


class Phone(Line):
    """A telephone number, kept as it was written."""

    default_validators = [
        RegexValidator(
            r"^\+?[0-9][0-9 ()./-]{6,18}\Z",
            _("Enter a phone number in digits, such as 06 12345678."),
        )
    ]


class Colour(Line):
    """A colour such as "#2B3A7D", the sign optional, stored in lower case."""

    default_validators = [
        RegexValidator(
            r"^#[0-9a-f]{6}\Z", _("Enter a colour as a code of six signs, such as #2B3A7D.")
        )
    ]
    widget = forms.TextInput(
        attrs={"class": "width-small", "autocomplete": "off", "spellcheck": "false", "maxlength": 7}
    )

    def to_python(self, value: object) -> str:
        code = super().to_python(value).lower()
        return f"#{code}" if code and not code.startswith("#") else code


class Email(forms.EmailField):
    """An e-mail address with an ASCII local part: look-alike letters reach another mailbox."""

    default_error_messages = {
        "invalid": _("Enter a whole e-mail address, such as name@example.nl.")
    }

    def to_python(self, value: object) -> str:
        return super().to_python(None if value is None else one_line(str(value))) or ""

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value.rpartition("@")[0].isascii():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
