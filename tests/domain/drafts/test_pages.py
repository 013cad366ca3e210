"""Form data of a page whose session ended: one page at a time, for a day."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.people import Cast

from portaal.domain.drafts import pages
from portaal.domain.drafts.models import PAGE_MAX, Draft

DATA = {"surname": ["Halverwege"]}


def test_data_is_found_for_its_login_and_page_only(cast: Cast) -> None:
    sanne = cast.users["sanne"]
    assert pages.save(sanne, "/gegevens/", DATA)
    assert pages.page_of(sanne) == "/gegevens/"
    assert pages.find(sanne, "/gegevens/") == DATA
    assert pages.find(sanne, "/elders/") == {}
    assert pages.find(cast.users["emre"], "/gegevens/") == {}


def test_later_page_replaces_the_earlier_one(cast: Cast) -> None:
    sanne = cast.users["sanne"]
    pages.save(sanne, "/een/", DATA)
    pages.save(sanne, "/twee/", DATA)
    assert pages.page_of(sanne) == "/twee/"
    assert Draft.objects.count() == 1


def test_database_refuses_a_second_page(cast: Cast) -> None:
    pages.save(cast.users["sanne"], "/een/", DATA)
    draft = Draft.objects.get()
    draft.pk, draft.object_id = uuid4(), "/twee/"
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.save(force_insert=True)


def test_data_is_sealed_for_its_login(cast: Cast) -> None:
    pages.save(cast.users["sanne"], "/een/", DATA)
    assert b"Halverwege" not in bytes(Draft.objects.get().sealed)
    Draft.objects.update(user=cast.users["emre"])
    assert pages.find(cast.users["emre"], "/een/") == {}


def test_data_is_not_found_after_a_day(cast: Cast) -> None:
    sanne = cast.users["sanne"]
    pages.save(sanne, "/een/", DATA)
    Draft.objects.update(saved_at=timezone.now() - pages.LIFETIME)
    assert pages.page_of(sanne) == ""
    assert pages.find(sanne, "/een/") == {}


def test_data_is_deleted(cast: Cast) -> None:
    sanne = cast.users["sanne"]
    pages.save(sanne, "/een/", DATA)
    pages.delete(cast.users["emre"])
    assert pages.page_of(sanne) == "/een/"
    pages.delete(sanne)
    assert pages.page_of(sanne) == ""


def test_too_large_data_and_too_long_page_are_not_saved(cast: Cast) -> None:
    sanne = cast.users["sanne"]
    assert not pages.save(sanne, "/een/", {"surname": ["x" * pages.BYTES_MAX]})
    assert not pages.save(sanne, "/" + "x" * PAGE_MAX, DATA)
    assert Draft.objects.count() == 0


def test_page_with_a_nul_is_not_saved(cast: Cast) -> None:
    assert not pages.save(cast.users["sanne"], "/een\0/", DATA)
    assert Draft.objects.count() == 0
