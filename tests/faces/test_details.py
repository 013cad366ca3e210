"""Mijn gegevens (2.2): what is chosen there, and the button that keeps it."""

from __future__ import annotations

from tests.people import Cast

from .matrix import browser_of


def test_save_stands_at_the_choices_before_what_the_office_wrote_down(cast: Cast):
    page = browser_of(cast.users["sanne"]).get("/mijn-gegevens/").content.decode()
    parts = ["Druk op Opslaan.", "Notificaties</h2>", "Opslaan</button>", "</form>\n  <div", "Gegevens</h2>"]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
