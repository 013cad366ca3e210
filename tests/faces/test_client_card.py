"""The card of a client at the office."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.people import Cast, give_password, make_cast

from portaal.domain.clients.models import Client
from portaal.domain.clients.verbs import add_client, add_login

from .matrix import browser_of


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def office(cast: Cast) -> Browser:
    return browser_of(cast.users["marieke"])


def card(office: Browser, client: Client) -> str:
    return office.get(reverse("office:client", args=[client.pk])).content.decode()


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({}, "-"),
        ({"city": "Utrecht"}, "Utrecht"),
        ({"street": "Kade 1"}, "Kade 1"),
        (
            {"street": "Kade 1", "postcode": "3511 AB", "city": "Utrecht"},
            "Kade 1<br>3511 AB Utrecht",
        ),
    ],
)
def test_dash_is_shown_only_for_empty_address(
    cast: Cast, office: Browser, known: dict[str, str], shown: str
):
    client = add_client(
        by=cast.users["marieke"], surname="Lezer", email="lezer@example.nl", **known
    )
    page = re.sub(r"\s+", " ", card(office, client)).replace("> ", ">")
    address = re.search(r"<dt>Adres</dt><dd ?>(.*?)</dd>", page)
    assert address and address[1].strip() == shown


def test_invite_is_primary_button_until_first_login(cast: Cast, office: Browser):
    client = add_client(by=cast.users["marieke"], surname="Lezer", email="lezer@example.nl")
    login, found = add_login(client, by=cast.users["marieke"]).user, []
    for _ in ("before", "after"):
        found += re.findall(r'/uitnodiging/">.*?<button class="(.*?)">', card(office, client), re.S)
        give_password(login)
    assert found == ["btn", "btn second"]


@pytest.mark.parametrize("email", ["nieuw@example.nl", ""])
def test_client_made_for_dossier_leads_back_to_it(cast: Cast, office: Browser, email: str):
    add = reverse("office:party_new", args=[cast.dossiers["purchase"].pk])
    make = re.findall(r'href="([^"]*/clienten/nieuw/[^"]*)"', office.get(add).content.decode())[-1]
    answer = office.post(
        make,
        {
            "kind": "person",
            "first_names": "Piet Jan",
            "infix": "van",
            "surname": "Nieuw",
            "email": email,
        },
    )
    choices = office.get(answer.headers["Location"]).context["form"]["client"].subwidgets
    assert answer.headers["Location"].startswith(add)
    assert [str(each.choice_label).split(" (")[0] for each in choices][1:] == ["Piet Jan van Nieuw"]


@pytest.mark.parametrize("dossier", ["", "geen nummer"])
def test_client_made_by_itself_leads_to_its_card(office: Browser, dossier: str):
    answer = office.post(
        f"{reverse('office:client_new')}?{urlencode({'dossier': dossier})}",
        {"kind": "person", "surname": "Nieuw"},
    )
    assert answer.headers["Location"] == reverse(
        "office:client", args=[Client.objects.get(surname="Nieuw").pk]
    )
