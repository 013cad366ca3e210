"""Pages of a long list: a thousand rows are counted, more are announced."""

from __future__ import annotations

import pytest
from tests.faces.matrix import browser_of
from tests.snapshot import restore_cast

from portaal.domain.clients.models import Client
from portaal.web import pages

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("most", "said", "has_more"), [(2, "van meer dan 2 cliënten", True), (100, "cliënten", False)]
)
def test_pages_beyond_maximum_are_announced(
    monkeypatch: pytest.MonkeyPatch, most: int, said: str, has_more: bool
) -> None:
    cast = restore_cast()
    monkeypatch.setattr(pages, "COUNT_MAX", most)
    text = browser_of(cast.users["marieke"]).get("/kantoor/clienten/").text
    assert said in text
    assert ("meer dan" in text) == has_more
    listed = pages.Pages(Client.objects.visible_to(cast.users["marieke"]), 1)
    assert listed.count == min(most, Client.objects.count())
    assert listed.has_more == has_more
    assert listed.num_pages == listed.count
