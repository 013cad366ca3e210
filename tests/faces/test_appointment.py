"""The form of the signing appointment, at the office."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.people import Cast
from tests.snapshot import restore_cast

from .matrix import browser_of


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def test_saved_appointment_is_shown_in_form(cast: Cast):
    browser, dossier = browser_of(cast.users["marieke"]), cast.dossiers["purchase"]
    browser.post(
        reverse("office:appointment", args=[dossier.pk]), {"day": "2026-12-01", "time": "10:30"}
    )
    page = browser.get(reverse("office:progress", args=[dossier.pk])).content.decode()
    assert 'type="date" name="day" value="2026-12-01"' in page
    assert 'type="time" name="time" value="10:30"' in page


@pytest.mark.parametrize(
    ("day", "time"),
    [("2026-12-01", ""), ("", "10:30"), ("31-02-2026", "10:30"), ("2026-12-01", "half elf")],
)
def test_incomplete_appointment_returns_form_with_data(cast: Cast, day: str, time: str):
    browser, dossier = browser_of(cast.users["marieke"]), cast.dossiers["purchase"]
    answer = browser.post(
        reverse("office:appointment", args=[dossier.pk]), {"day": day, "time": time}
    )
    form = answer.context["appointment_form"]
    assert answer.status_code == 400
    assert form["day"].value() == day
    assert form["time"].value() == time
    dossier.refresh_from_db()
    assert dossier.appointment_at is None
    assert "Vul de dag en de tijd" in answer.content.decode()
