"""Pages show one party nothing of another."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from tests.people import Cast, open_dossier, publish_to, store
from tests.snapshot import restore_cast

from portaal.domain.documents.verbs import withdraw
from portaal.domain.dossiers.models import Access
from portaal.domain.dossiers.verbs import admit
from portaal.domain.messaging.verbs import reply, send
from portaal.faces.shared.access import AccessMiddleware

from .matrix import browser_of


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def _sees(cast: Cast, person: str) -> list[object]:
    """Return every count and title that a user sees of a dossier with two parties."""
    browser = browser_of(cast.users[person])
    home = browser.get("/").context
    tabs = {
        name: browser.get(
            reverse("client:dossier_tab", args=[cast.dossiers["purchase"].pk, name])
        ).context
        for name in ("documenten", "aangeleverd", "berichten")
    }
    page = tabs["documenten"]
    found = [
        (home["dossiers_in_progress"], home["dossiers_total"]),
        (home["unread_documents"], home["unread_messages"]),
        [
            item.document["title"] if item.document else item.message.content.subject
            for item in home["new_items"]
        ],
        [(tab.total, tab.unread) for tab in page["tabs"]],
        [row.title for row in page["rows"]],
        [attachment.file.name for attachment in tabs["aangeleverd"]["rows"]],
        [message.content.subject for message in tabs["berichten"]["rows"]],
        [row.unread for row in browser.get(reverse("client:dossiers") + "?q=").context["rows"]],
    ]
    cast.users[person].sessions.all().delete()
    return found


def test_publication_to_one_party_changes_nothing_for_the_other(cast: Cast):
    before = _sees(cast, "sanne")
    publication = publish_to(
        [cast.parties["emre"]], cast.users["marieke"], title="Alleen voor Emre"
    )
    assert "Alleen voor Emre" in str(_sees(cast, "emre"))  # it could leak
    assert _sees(cast, "sanne") == before
    withdraw(publication, by=cast.users["marieke"])
    assert _sees(cast, "sanne") == before


def test_messages_of_one_party_change_nothing_for_the_other(cast: Cast):
    before, by = _sees(cast, "sanne"), cast.users["marieke"]
    told = send(
        cast.dossiers["purchase"],
        by=by,
        subject="Alleen voor Emre",
        body="Beste,",
        parties=[cast.parties["emre"]],
    )
    files = [store(cast.users["emre"], cast.dossiers["purchase"], name="van-emre.pdf")]
    reply(told, by=cast.users["emre"], subject="Van Emre", body="Beste,", files=files)
    seen = str(_sees(cast, "emre"))
    assert [word in seen for word in ("Alleen voor Emre", "Van Emre", "van-emre.pdf")] == [
        True
    ] * 3  # it could leak
    assert _sees(cast, "sanne") == before


def test_list_counts_only_what_its_reader_has_not_read(cast: Cast):
    """Ties was removed from 'purchase', and another party got a paper in his own dossier."""
    by = cast.users["marieke"]
    dossier = open_dossier(cast, by, "2026.9")
    parties = {
        name: admit(dossier, by=by, client=cast.clients[name], role="buyer")
        for name in ("ties", "olga")
    }
    publish_to([parties["olga"]], by)
    rows = {}
    for name in parties:
        rows[name] = [
            row.unread
            for row in browser_of(cast.users[name])
            .get(reverse("client:dossiers") + "?q=")
            .context["rows"]
        ]
    assert rows == {"ties": [0], "olga": [1]}


def test_client_with_one_dossier_sees_no_link_to_others(cast: Cast):
    by = cast.users["marieke"]
    mine = open_dossier(cast, by, "2026.9")
    admit(mine, by=by, client=cast.clients["olga"], role="buyer")
    browser, path = browser_of(cast.users["olga"]), reverse("client:dossier", args=[mine.pk])
    assert browser.get(path).context["dossier"].has_others is False
    admit(open_dossier(cast, by, "2026.10"), by=by, client=cast.clients["olga"], role="buyer")
    assert browser.get(path).context["dossier"].has_others is True


def test_dossier_without_access_is_no_other_dossier(cast: Cast):
    by, olga = cast.users["marieke"], cast.clients["olga"]
    mine, closed_off = open_dossier(cast, by, "2026.9"), open_dossier(cast, by, "2026.10")
    admit(mine, by=by, client=olga, role="buyer")
    admit(closed_off, by=by, client=olga, role="buyer", access=Access.NONE)
    page = browser_of(cast.users["olga"]).get(reverse("client:dossier", args=[mine.pk]))
    assert page.context["dossier"].has_others is False


def test_other_dossier_of_office_changes_no_count(cast: Cast):
    before = _sees(cast, "sanne")
    dossier = open_dossier(cast, cast.users["marieke"], "2026.9")
    assert _sees(cast, "sanne") == before
    admit(dossier, by=cast.users["marieke"], client=cast.clients["sanne"], role="buyer")
    assert _sees(cast, "sanne") != before


def test_form_offers_active_parties_and_no_file_of_colleague(cast: Cast):
    dossier, theirs = (
        cast.dossiers["purchase"],
        store(cast.users["joost"], cast.dossiers["purchase"]),
    )
    browser, path = browser_of(cast.users["marieke"]), reverse("office:dossier", args=[dossier.pk])
    offered = browser.get(path).context["form"].fields["parties"].queryset
    assert set(offered) == {cast.parties["sanne"], cast.parties["emre"]}
    answer = browser.post(
        path, {"kept": theirs.pk, "title": "Akte", "parties": cast.parties["sanne"].pk}
    )
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["kept", "kind", "tab", "file"]
    assert answer.context["kept_file"] is None


def test_office_list_shows_visible_dossiers_and_active_parties(cast: Cast):
    listed = browser_of(cast.users["joost"]).get(reverse("office:dossiers")).context
    rows = {row.number: listed["party_names"][row.pk] for row in listed["page_obj"]}
    assert rows == {"2026.1": ["Sanne Test", "Emre Test"], "2026.2": ["Het Anker B.V."]}
    page = browser_of(cast.users["marieke"]).get(
        reverse("office:dossier", args=[cast.dossiers["purchase"].pk])
    )
    assert [party.client.name for party in page.context["parties"]] == ["Sanne Test", "Emre Test"]


@pytest.mark.parametrize("person", ["sanne", "marieke", "ina"])
def test_view_without_audience_is_closed_to_everyone(cast: Cast, person: str):
    request = RequestFactory().get("/")
    request.user = cast.users[person]
    with pytest.raises(PermissionDenied):
        AccessMiddleware(lambda request: HttpResponse()).process_view(
            request, lambda request: HttpResponse(), (), {}
        )


@pytest.mark.parametrize(
    ("person", "numbers"),
    [("marieke", {"2026.1", "2026.3"}), ("joost", {"2026.1"}), ("ina", set())],
)
def test_client_card_lists_dossiers_visible_to_reader(cast: Cast, person: str, numbers: set[str]):
    card = browser_of(cast.users[person]).get(
        reverse("office:client", args=[cast.clients["emre"].pk])
    )
    assert {dossier.number for dossier in card.context["dossiers"]} == numbers


def test_unknown_tab_is_not_found(cast: Cast):
    browser = browser_of(cast.users["sanne"])
    assert (
        browser.get(
            reverse("client:dossier_tab", args=[cast.dossiers["purchase"].pk, "onzin"])
        ).status_code
        == 404
    )


def test_details_list_active_memberships_only(cast: Cast):
    def details() -> list[str]:
        browser = browser_of(cast.users["sanne"])
        names = [
            membership.client.name
            for membership in browser.get(reverse("client:details")).context["memberships"]
        ]
        cast.users["sanne"].sessions.all().delete()
        return names

    assert details() == ["Sanne Test"]
    cast.users["sanne"].memberships.update(ended_at=timezone.now())
    assert details() == []
