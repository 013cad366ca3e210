"""The signing appointment at the office: kept, or said why not with what was filled in."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.people import Cast
from tests.snapshot import restore_cast

from .matrix import browser_of


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def test_an_appointment_is_kept_and_stands_in_the_form(cast: Cast):
    browser, dossier = browser_of(cast.users["marieke"]), cast.dossiers["purchase"]
    browser.post(
        reverse("office:appointment", args=[dossier.pk]), {"day": "2026-12-01", "time": "10:30"}
    )
    page = browser.get(reverse("office:progress", args=[dossier.pk])).content.decode()
    assert (
        'type="date" name="day" value="2026-12-01"' in page,
        'type="time" name="time" value="10:30"' in page,
    ) == (True, True)


@pytest.mark.parametrize(
    ("day", "time"),
    [("2026-12-01", ""), ("", "10:30"), ("31-02-2026", "10:30"), ("2026-12-01", "half elf")],
)
def test_an_appointment_that_is_not_whole_comes_back_with_what_was_filled_in(
    cast: Cast, day: str, time: str
):
    browser, dossier = browser_of(cast.users["marieke"]), cast.dossiers["purchase"]
    answer = browser.post(
        reverse("office:appointment", args=[dossier.pk]), {"day": day, "time": time}
    )
    form = answer.context["appointment_form"]
    assert (answer.status_code, form["day"].value(), form["time"].value()) == (400, day, time)
    dossier.refresh_from_db()
    assert (dossier.appointment_at, "Vul de dag en de tijd" in answer.content.decode()) == (
        None,
        True,
    )
