"""What templates say in one word: icons, dates, sizes, the labels that an office made."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django import template
from django.contrib.staticfiles import finders
from django.forms import BaseForm, BoundField
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portaal.domain.office.models import Office

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An inline Lucide icon, beside a word or inside a button with a name. An unknown name is a fault of ours and raises."""
    drawing = mark_safe(_icons()[name])  # noqa: S308 - our own build made it from the icon package
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', css, drawing
    )


@register.filter
def label(thing: Any) -> str:
    """A word that the office made, in the reader's language; Dutch and marked so where no English is known."""
    if get_language() == "en" and not thing.name_en:
        return format_html('<span lang="nl">{}</span>', thing.name_nl)
    return str(thing)


@register.filter
def day(value: date | datetime) -> str:
    """'23 november 2026'"""
    return _written(_local(value), "j F Y")


@register.filter
def weekday(value: date) -> str:
    return _written(value, "l")


@register.filter
def stamp(value: datetime) -> str:
    """'2026-11-23T09:41:00+01:00', for machines that read."""
    return str(timezone.localtime(value).isoformat())


@register.filter
def hour(value: datetime) -> str:
    """'9.41', in English '9:41'"""
    local = _local(value)
    return _hour_in(get_language(), local.hour, local.minute)


@register.filter
def clock(value: datetime) -> str:
    """'9.41 uur', in English '9:41'"""
    return _("%(time)s") % {"time": hour(value)}


@register.filter
def day_short(value: datetime) -> str:
    """'vandaag 9.41', '20 nov', with the year when it is another: for dense lists of the office."""
    local = _local(value)
    today = timezone.localdate()
    if local.date() == today:
        return _("today %(time)s") % {"time": hour(local)}
    month = "M" if get_language() == "en" else "b"
    return _written(local, f"j {month}" if local.year == today.year else f"j {month} Y")


@register.filter
def day_near(value: datetime) -> str:
    """'vandaag', '20 november', with the year when it is another: for the margin of a row."""
    local = _local(value)
    today = timezone.localdate()
    if local.date() == today:
        return _("today")
    return _written(local, "j F" if local.year == today.year else "j F Y")


@register.filter
def moment(value: datetime) -> str:
    """'23 november 2026, 9.41 uur'"""
    return f"{day(value)}, {clock(value)}"


@register.filter
def size(octets: int) -> str:
    """'640 kB', '1,4 MB', rounded as the browser does before it sends the file: a half goes up."""
    if octets < 999_500:
        return f"{max(1, (octets + 500) // 1000)} kB"
    return f"{number_format((octets + 50_000) // 100_000 / 10, 1)} MB"


@register.filter
def split_name(name: str) -> tuple[str, str]:
    """An office's name on two lines: all but the last word, and the last ('Lindehof', 'notarissen')."""
    first, _space, last = name.rpartition(" ")
    return (first, last) if first else (last, "")


@register.filter
def phone_link(office: Office) -> SafeString:
    """The office's phone number, to be pressed: its digits, without the '(0)' that is not dialled after a country's number."""
    digits = re.sub(r"(?<=\d)\s*\(0\)|[^0-9+]", "", office.phone)
    return format_html('<a href="tel:{}">{}</a>', digits, office.phone_unbroken)


@register.filter
def bars(progress: Any) -> list[bool]:
    """One mark a step, for the bar beside 'Voortgang (4/10)'."""
    return [number < progress.done for number in range(progress.total)]


@register.filter
def described_by(field: BoundField) -> str:
    return " ".join(
        part
        for part, there in (
            (f"{field.auto_id}_hint", field.help_text),
            (f"{field.auto_id}_error", field.errors),
        )
        if there
    )


@register.filter
def faults(form: BaseForm) -> int:
    """How many faults the summary lists."""
    return sum(len(found) for found in form.errors.values())


@register.filter
def is_kind(field: BoundField, kind: str) -> bool:
    """Whether a field is drawn as 'choices' (several inputs), 'check' (one tick box), 'password' or 'plain'."""
    widget = field.field.widget
    found = {
        "RadioSelect": "choices",
        "CheckboxSelectMultiple": "choices",
        "CheckboxInput": "check",
        "PasswordInput": "password",
    }
    return found.get(type(widget).__name__, "plain") == kind


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input itself, with what a screen reader needs."""
    attrs: dict[str, Any] = {}
    if not is_kind(field, "check"):
        attrs["class"] = f"in {field.field.widget.attrs.get('class', '')}".strip()
    if field.errors:
        attrs["aria-invalid"] = "true"
    if described := described_by(field):
        attrs["aria-describedby"] = described
    return field.as_widget(attrs=attrs)


@register.simple_tag(takes_context=True)
def submission(context: dict[str, Any]) -> SafeString:
    """The form's number: that of its draft, the same one again when the form came back, else a fresh one."""
    request = context.get("request")
    sent = request.POST.get("submission") if request and request.method == "POST" else ""
    number = context.get("submission_id") or sent or uuid4()
    return format_html('<input type="hidden" name="submission" value="{}">', number)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The address's own query with some values changed, for links to the next page."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        parameters[name] = value
    return parameters.urlencode()


def _written(day: date, form: str) -> str:
    return _written_in(get_language(), day.year, day.month, day.day, form)


@lru_cache(maxsize=4096)
def _written_in(language: str | None, year: int, month: int, day: int, form: str) -> str:
    """A day in words: a list says the same days again and again, and Django writes each anew."""
    return date_format(date(year, month, day), form)


@lru_cache(maxsize=4096)
def _hour_in(language: str | None, hour: int, minute: int) -> str:
    return date_format(time(hour, minute), "G:i" if language == "en" else "G.i")


def _local(value: date | datetime) -> Any:
    return timezone.localtime(value) if isinstance(value, datetime) else value


@lru_cache(maxsize=1)
def _icons() -> dict[str, str]:
    found = finders.find("ui/built/icons.json")
    if not found:
        raise RuntimeError("The icons have not been built: run `make build`.")
    return json.loads(Path(str(found)).read_text(encoding="utf-8"))
