"""A database error shows the busy page, wherever in the request it happens."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from tests.faces.matrix import browser_of
from tests.snapshot import restore_cast

from portaal.domain.dossiers.models import Dossier
from portaal.faces.shared import sessions

pytestmark = pytest.mark.django_db


def locked(*args: Any, **kwargs: Any) -> Any:
    raise OperationalError("database is locked")


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (sessions.BrowserSession, "touch"),
        (sessions, "_find"),
        (sessions.BrowserSession, "save"),
        (Dossier.objects.__class__, "visible_to"),
    ],
)
def test_database_error_shows_busy_page(
    monkeypatch: pytest.MonkeyPatch, where: Any, what: str
) -> None:
    cast = restore_cast()
    browser = browser_of(cast.users["marieke"])
    monkeypatch.setattr(where, what, locked)
    if what == "save":  # what was said is put in the session: after the act
        answer = browser.post(
            f"/kantoor/dossiers/{cast.dossiers['purchase'].pk}/status/", {"status": cast.closed.pk}
        )
    else:
        answer = browser.get("/kantoor/dossiers/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "Lindehof" in answer.text and "<h1" in answer.text
