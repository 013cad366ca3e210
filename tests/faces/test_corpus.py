"""What people type, through the forms: kept as it should be, or refused in words with what was typed; never a fault of ours."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.urls import reverse
from tests.corpus import ADDRESSES, LINES, MARKUP, PHONES
from tests.people import Cast, make_cast

from portaal.domain.accounts.models import Client
from portaal.domain.dossiers.models import Dossier
from portaal.web.fields import one_line

from .matrix import browser_of

NEW_CLIENT = "/kantoor/clienten/nieuw/"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def verdicts(kept: dict[str, str | None]) -> Any:
    return pytest.mark.parametrize(("typed", "kept"), kept.items(), ids=lambda value: ascii(value)[:40])


def add_client(cast: Cast, **typed: str) -> Any:
    said = {"kind": "person", "surname": "Gewoon", "salutation": "", "language": "nl"} | typed
    return browser_of(cast.users["marieke"]).post(NEW_CLIENT, said)


@verdicts(LINES)
def test_a_name_is_kept_on_one_line_or_asked_again(cast: Cast, typed: str, kept: str | None):
    _kept_or_refused(add_client(cast, surname=typed), "surname", typed, kept)


@verdicts(ADDRESSES)
def test_an_address_is_one_that_mail_can_go_to(cast: Cast, typed: str, kept: str | None):
    _kept_or_refused(add_client(cast, email=typed), "email", typed, kept)


@verdicts(PHONES)
def test_a_phone_number_is_in_digits(cast: Cast, typed: str, kept: str | None):
    _kept_or_refused(add_client(cast, phone=typed), "phone", typed, kept)


def _kept_or_refused(answer: Any, field: str, typed: str, kept: str | None) -> None:
    before = 5  # the cast's own
    if kept is None:
        form = answer.context["form"]
        assert (answer.status_code, Client.objects.count(), list(form.errors)) == (400, before, [field])
        assert form[field].value() == typed
    else:
        assert answer.status_code == 302
        assert getattr(Client.objects.latest("made_at"), field) == kept


@verdicts(LINES)
def test_a_search_for_anything_is_answered(cast: Cast, typed: str, kept: str | None):
    office, client = browser_of(cast.users["marieke"]), browser_of(cast.users["emre"])
    for browser, route in ((office, "office:dossiers"), (office, "office:clients"), (client, "client:dossiers")):
        assert browser.get(reverse(route), {"q": typed}).status_code == 200
    path = reverse("office:party_new", args=[cast.dossiers["purchase"].pk])
    assert office.get(path, {"q": typed}).status_code == 200


@verdicts(LINES | dict.fromkeys(ADDRESSES))
def test_a_log_in_with_anything_is_refused_in_words(cast: Cast, typed: str, kept: str | None):
    for route in ("client:login", "office:login"):
        answer = browser_of(None).post(reverse(route), {"email": typed, "password": typed})
        assert (answer.status_code, bool(answer.context["form"].errors)) == (400, True)


def test_what_looks_like_markup_is_text_on_every_page(cast: Cast):
    """A page with such names has the very same elements and attributes as with a plain one."""
    assert _skeletons(cast, MARKUP) == _skeletons(cast, ["gewoon"] * len(MARKUP))


def _skeletons(cast: Cast, texts: list[str]) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """The elements of each page that shows a name, a description and a title, for all these texts."""
    marieke, sanne, purchase = cast.users["marieke"], cast.clients["sanne"], cast.dossiers["purchase"]
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    office, client = browser_of(marieke), browser_of(cast.users["sanne"])
    for text in texts:
        text = text[:100]
        Client.objects.filter(pk=sanne.pk).update(surname=text, street=text)
        cast.users["sanne"].surname = text
        cast.users["sanne"].save()
        Dossier.objects.filter(pk=purchase.pk).update(description=text)
        purchase.publications.update(title=text)
        for browser, path in (
            (client, "/"),
            (client, reverse("client:details")),
            (client, reverse("client:dossiers") + "?q="),
            (client, reverse("client:dossier_tab", args=[purchase.pk, "documenten"])),
            (office, reverse("office:dossiers")),
            (office, reverse("office:dossier", args=[purchase.pk])),
            (office, reverse("office:history", args=[purchase.pk])),
            (office, reverse("office:client", args=[sanne.pk])),
            (office, reverse("office:clients")),
        ):
            skeleton = _Skeleton(browser.get(path).content.decode()).found
            assert found.setdefault(path, skeleton) == skeleton, (path, text)
    marieke.sessions.all().delete()
    cast.users["sanne"].sessions.all().delete()
    return found


class _Skeleton(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _value in attrs)))


def test_one_line_leaves_a_line_as_it_is():
    for kept in LINES.values():
        assert kept is None or one_line(kept) == kept
