"""Filters for templates: dates, sizes, and the labels that an office made."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.forms import BaseForm
from django.template.defaultfilters import capfirst, floatformat, truncatechars
from django.utils import timezone
from django.utils.formats import date_format, number_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from jinja2 import Environment, pass_environment

from portaal.domain.office.models import Office


@pass_environment
def label(environment: Environment, thing: Any) -> str:
    """Return a label of the office in the language of the templates.

    A label without an English name is marked as Dutch on an English page.
    """
    if environment.globals["language_code"] == "nl":
        return str(thing.name_nl)
    return thing.name_en or format_html('<span lang="nl">{}</span>', thing.name_nl)


def day(value: date | datetime) -> str:
    """Return '23 november 2026'."""
    return _written(_local(value), "j F Y")


def weekday(value: date) -> str:
    """Return 'maandag'."""
    return _written(value, "l")


def stamp(value: datetime) -> str:
    """Return '2026-11-23T09:41:00+01:00', for `datetime` attributes."""
    return timezone.localtime(value).isoformat()


def hour(value: datetime) -> str:
    """Return '9.41', in English '9:41'."""
    local = _local(value)
    return _hour_in(get_language(), local.hour, local.minute)


def clock(value: datetime) -> str:
    """Return '9.41 uur', in English '9:41'."""
    return _("%(time)s") % {"time": hour(value)}


def day_short(value: datetime) -> str:
    """Return 'vandaag 9.41' or '20 nov', for dense lists of the office.

    A day of another year has its year.
    """
    local = _local(value)
    today = timezone.localdate()
    if local.date() == today:
        return _("today %(time)s") % {"time": hour(local)}
    month = "M" if get_language() == "en" else "b"
    return _written(local, f"j {month}" if local.year == today.year else f"j {month} Y")


def day_near(value: datetime) -> str:
    """Return 'vandaag' or '20 november', for the margin of a row.

    A day of another year has its year.
    """
    local = _local(value)
    today = timezone.localdate()
    if local.date() == today:
        return _("today")
    return _written(local, "j F" if local.year == today.year else "j F Y")


def moment(value: datetime) -> str:
    """Return '23 november 2026, 9.41 uur'."""
    return f"{day(value)}, {clock(value)}"


def filesize(octets: int) -> str:
    """Return '640 kB' or '1,4 MB'. Rounds halves up, as the uploader in the browser does."""
    if octets < 999_500:
        return f"{max(1, (octets + 500) // 1000)} kB"
    return f"{number_format((octets + 50_000) // 100_000 / 10, 1)} MB"


def number(value: float, decimals: int = 0) -> str:
    """Return a rounded number as the language writes it: '1,5'."""
    return str(floatformat(value, decimals))


def split_name(name: str) -> tuple[str, str]:
    """Return an office's name in two lines: ('Lindehof', 'notarissen')."""
    first, _space, last = name.rpartition(" ")
    return (first, last) if first else (last, "")


def phone_link(office: Office) -> SafeString:
    """Return the office's phone number as a link to dial it.

    Leaves out '(0)', which is not dialled after a country's number.
    """
    digits = re.sub(r"(?<=\d)\s*\(0\)|[^0-9+]", "", office.phone)
    return format_html('<a href="tel:{}">{}</a>', digits, office.phone_unbroken)


def bars(progress: Any) -> list[bool]:
    """Return one value for each step, True if finished, for the bar beside 'Voortgang (4/10)'."""
    return [step < progress.done for step in range(progress.total)]


def faults(form: BaseForm) -> int:
    """Return the number of errors of a form."""
    return sum(len(errors) for errors in form.errors.values())


def _written(day: date, form: str) -> str:
    return _written_in(get_language(), day.year, day.month, day.day, form)


@lru_cache(maxsize=4096)
def _written_in(language: str | None, year: int, month: int, day: int, form: str) -> str:
    """Return a day in words; cached, because a list repeats its days."""
    return date_format(date(year, month, day), form)


@lru_cache(maxsize=4096)
def _hour_in(language: str | None, hour: int, minute: int) -> str:
    return time_format(time(hour, minute), "G:i" if language == "en" else "G.i")


def _local(value: date | datetime) -> Any:
    return timezone.localtime(value) if isinstance(value, datetime) else value


FILTERS = {
    each.__name__: each
    for each in (
        bars,
        capfirst,
        clock,
        day,
        day_near,
        day_short,
        faults,
        filesize,
        hour,
        label,
        moment,
        number,
        phone_link,
        split_name,
        stamp,
        truncatechars,
        weekday,
    )
}
