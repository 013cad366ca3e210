"""A page costs the same number of queries with 1, 50 and 1,000 rows."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.people import Cast, make_cast, open_dossier, publish_to

from portaal.domain.documents.models import Publication, Recipient
from portaal.domain.dossiers import verbs as dossiers
from portaal.domain.dossiers.models import Dossier, Party, Step

from .matrix import browser_of

COST = {
    "home": 5,
    "list": 6,
    "search": 7,
    "dossier": 6,
    "office list": 8,
    "office dossier": 20,
    "office progress": 15,
    "office clients": 8,
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def first(cast: Cast) -> Publication:
    """The one publication in the one dossier of Olga."""
    by = cast.users["marieke"]
    dossier = open_dossier(cast, by, "O1")
    return publish_to([dossiers.admit(dossier, by=by, client=cast.clients["olga"], role="buyer")], by)


@pytest.mark.parametrize("rows", [1, 50, 1000])
def test_a_page_costs_the_same_with_few_and_with_many(cast: Cast, first: Publication, rows: int):
    _add_dossiers(first, rows - 1)
    _add_publications(first, rows - 1)
    assert _costs(cast, first.dossier) == COST


def _costs(cast: Cast, dossier: Dossier) -> dict[str, int]:
    pages = {
        "olga": {
            "home": "/",
            "list": "/dossiers/?q=",
            "search": "/dossiers/?q=dossier",
            "dossier": reverse("client:dossier_tab", args=[dossier.pk, "documenten"]),
        },
        "marieke": {
            "office list": reverse("office:dossiers"),
            "office dossier": reverse("office:dossier", args=[dossier.pk]),
            "office progress": reverse("office:progress", args=[dossier.pk]),
            "office clients": reverse("office:clients"),
        },
    }
    costs = {}
    for person, addresses in pages.items():
        browser = browser_of(cast.users[person])
        for name, path in addresses.items():
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(path).status_code == 200
            costs[name] = len(captured)
    return costs


def _add_dossiers(like: Publication, many: int) -> None:
    """Dossiers of the same client with one publication each, and as many more clients and steps."""
    party = Party.objects.get(publications__publication=like)
    publications = _copies(like, many, dossier=_saved(_copies(like.dossier, many, number="O-{}", vault=_vaults(like, many))))
    parties = _saved(_copies(party, many, dossier=[publication.dossier for publication in publications]))
    _publish(publications, parties)
    _saved(_copies(party.client, many))
    _saved(_copies(Step.objects.filter(dossier=like.dossier)[0], many))


def _add_publications(like: Publication, many: int) -> None:
    """Publications in the same dossier, to the same party."""
    _publish(_copies(like, many), [Party.objects.get(publications__publication=like)] * many)


def _publish(publications: list[Publication], parties: list[Party]) -> None:
    files = _saved(_copies(publications[0].file, len(publications))) if publications else []
    for publication, file in zip(publications, files, strict=True):
        publication.file = file
    _saved(publications)
    rows = zip(publications, parties, strict=True)
    Recipient.objects.bulk_create(Recipient(publication=publication, party=party) for publication, party in rows)


def _vaults(like: Publication, many: int) -> list[models.Model]:
    return _saved(_copies(like.dossier.vault, many))


def _copies(row, many: int, **changes):
    """The same row under other keys; a change is a text with a place for a number, or one value for each copy."""
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    copies = []
    for number in range(many):
        copy = type(row)(id=uuid4(), **kept)
        for name, value in changes.items():
            setattr(copy, name, value.format(number) if isinstance(value, str) else value[number])
        copies.append(copy)
    return copies


def _saved(rows):
    if rows:
        type(rows[0]).objects.bulk_create(rows)
    return rows
