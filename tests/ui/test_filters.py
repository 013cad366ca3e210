"""Filters of templates: dates, sizes, and the labels that an office made."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django import forms
from django.template import engines
from django.utils.translation import override

from portaal.domain.office.models import Office
from portaal.ui import filters

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=AMSTERDAM)


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel(NOW, tick=False), override("nl"):
        yield


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=AMSTERDAM)


def test_day_is_written_in_full():
    assert filters.day(date(2026, 11, 23)) == "23 november 2026"


def test_time_is_in_the_dutch_zone():
    assert filters.clock(datetime(2026, 7, 1, 7, 41, tzinfo=ZoneInfo("UTC"))) == "9.41 uur"


def test_english_time_has_a_colon():
    with override("en"):
        assert filters.clock(at(2026, 11, 23, 9, 41)) == "9:41"


@pytest.mark.parametrize(
    ("when", "near", "short"),
    [
        (at(2026, 11, 23, 9, 41), "vandaag", "vandaag 9.41"),
        (at(2026, 11, 22, 23, 59), "22 november", "22 nov"),
        (at(2025, 3, 2, 9, 0), "2 maart 2025", "2 mrt 2025"),
    ],
)
def test_near_day_is_shorter(when, near, short):
    assert filters.day_near(when) == near
    assert filters.day_short(when) == short


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (1, "1 kB"),
        (2500, "3 kB"),
        (640_000, "640 kB"),
        (999_499, "999 kB"),
        (999_500, "1,0 MB"),
        (1_049_999, "1,0 MB"),
        (1_400_000, "1,4 MB"),
        (3_772_486, "3,8 MB"),
        (9_949_999, "9,9 MB"),
        (9_950_000, "10,0 MB"),
        (25_000_000, "25,0 MB"),
    ],
)
def test_size_is_in_kb_or_mb(octets, words):
    assert filters.filesize(octets) == words


def label(language, **names):
    environment = engines["jinja2"].backends[language].env
    return filters.label(environment, SimpleNamespace(**names))


def test_label_without_english_is_marked_as_dutch():
    assert (
        label("en", name_nl="Akte <getekend>", name_en="")
        == '<span lang="nl">Akte &lt;getekend&gt;</span>'
    )


def test_label_with_english_is_english():
    assert label("en", name_nl="Akte", name_en="Deed") == "Deed"


def test_label_is_dutch_on_a_dutch_page():
    assert label("nl", name_nl="Akte", name_en="Deed") == "Akte"


@pytest.mark.parametrize(
    ("name", "lines"),
    [("Kade & Veer notarissen", ("Kade & Veer", "notarissen")), ("Lindehof", ("Lindehof", ""))],
)
def test_office_name_is_split_in_two_lines(name, lines):
    assert filters.split_name(name) == lines


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("030 123 45 67", '<a href="tel:0301234567">030\xa0123\xa045\xa067</a>'),
        ("+31 (0)30-1234567", '<a href="tel:+31301234567">+31\xa0(0)30-1234567</a>'),
        ("(030) 123/4567", '<a href="tel:0301234567">(030)\xa0123/4567</a>'),
        ('1"><b>;ext=2', '<a href="tel:12">1&quot;&gt;&lt;b&gt;;ext=2</a>'),
    ],
)
def test_phone_number_is_a_link(phone, link):
    assert filters.phone_link(Office(phone=phone)) == link


class OneOfEach(forms.Form):
    name = forms.CharField(help_text="Hint")
    agree = forms.BooleanField(help_text="Hint")


def test_summary_counts_every_error():
    assert filters.faults(OneOfEach({})) == 2
