"""Pages and menu of staff with one role; docs/authorisation.md has the usual combinations."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.people import Cast, store

from portaal.domain.documents.verbs import publish
from portaal.domain.files.models import StoredFile
from portaal.domain.identity.verbs import add_staff
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.roles import RIGHTS, Right, Role

from .matrix import browser_of

LISTS = ["dossiers", "dossier_new", "waiting", "clients", "client_new", "replies", "undelivered"]
SETTINGS = ["house_style", "facts"]
OPEN = {
    "handler": LISTS,
    "secretary": LISTS,
    "account_manager": ["waiting", "clients", "client_new", "replies", "undelivered"],
    "administrator": SETTINGS,
    "auditor": [],
}
MENU = {
    "handler": ["Dossiers", "Cliënten", "Berichten", "Antwoorden", "Niet bezorgd"],
    "secretary": ["Dossiers", "Cliënten", "Antwoorden", "Niet bezorgd"],
    "account_manager": ["Cliënten", "Antwoorden", "Niet bezorgd"],
    "administrator": ["Instellingen"],
}
FIRST = {"account_manager": "clients", "administrator": "house_style"}


def browser_with(role: str):
    user = add_staff(by=SYSTEM, roles=[role], email="nieuw@kantoor.example.nl", surname="Nieuw")
    return browser_of(user)


@pytest.mark.parametrize("role", OPEN)
def test_role_opens_the_listed_pages(cast: Cast, role: str):
    browser = browser_with(role)
    answers = {name: browser.get(reverse(f"office:{name}")) for name in LISTS + SETTINGS}
    assert [name for name in answers if answers[name].status_code == 200] == OPEN[role]


@pytest.mark.parametrize("role", FIRST)
def test_role_without_dossiers_begins_elsewhere(cast: Cast, role: str):
    answer = browser_with(role).get(reverse("office:home"))
    assert answer.headers["Location"] == reverse(f"office:{FIRST[role]}")


def test_auditor_has_no_page_yet(cast: Cast):
    assert browser_with("auditor").get(reverse("office:home")).status_code == 403


@pytest.mark.parametrize("role", MENU)
def test_menu_shows_what_the_role_opens(cast: Cast, role: str):
    browser = browser_with(role)
    page = browser.get(reverse("office:home"), follow=True).content.decode()
    nav = re.search(r"<nav.*?</nav>", page, re.S)
    assert nav
    shown = [re.sub(r"(?s)<.*?>|\d+|ongelezen", "", item).split() for item in nav[0].split("</a>")]
    assert [" ".join(words) for words in shown if words] == MENU[role]


@pytest.mark.parametrize(("person", "number"), [("marieke", 1), ("joost", 0)])
def test_menu_counts_messages_of_own_dossiers(cast: Cast, person: str, number: int):
    """Sanne wrote in a dossier of Marieke."""
    page = browser_of(cast.users[person]).get(reverse("office:dossiers"))
    assert page.context["rail"].pending == number


@pytest.mark.parametrize("role", ["administrator", "account_manager", "auditor"])
@pytest.mark.parametrize("route", ["office:dossier", "office:progress", "office:conversations"])
def test_dossier_does_not_exist_for_role_without_dossiers(cast: Cast, role: str, route: str):
    path = reverse(route, args=[cast.dossiers["purchase"].pk])
    assert browser_with(role).get(path).status_code == 404


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_client_does_not_exist_for_role_without_clients(cast: Cast, role: str):
    path = reverse("office:client", args=[cast.clients["sanne"].pk])
    assert browser_with(role).get(path).status_code == 404


def test_role_without_clients_chooses_none_for_a_dossier(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    """Every role that works in dossiers sees clients today; a later one may not."""
    monkeypatch.setitem(RIGHTS, Role.SECRETARY, {Right.WORK_IN_DOSSIERS})
    path = reverse("office:party_new", args=[cast.dossiers["purchase"].pk])
    form = browser_with("secretary").get(path).context["form"]
    assert list(form.fields["client"].queryset) == []


@pytest.mark.parametrize("route", ["office:invite", "office:block"])
def test_login_of_a_client_does_not_exist_for_role_without_clients(cast: Cast, route: str):
    path = reverse(route, args=[cast.clients["sanne"].pk])
    assert browser_with("administrator").post(path).status_code == 404


@pytest.mark.parametrize(("role", "status"), [("handler", 302), ("secretary", 403)])
def test_secretary_rescans_but_does_not_release_a_quarantined_file(
    cast: Cast, role: str, status: int
):
    purchase, marieke = cast.dossiers["purchase"], cast.users["marieke"]
    file = store(marieke, purchase)
    publication = publish(
        purchase,
        by=marieke,
        file=file,
        title="Akte",
        tab="documents",
        kind="document",
        parties=[cast.parties["sanne"]],
    )
    StoredFile.objects.filter(pk=file.pk).update(state="quarantined", reason="encrypted")
    browser, release = (
        browser_with(role),
        reverse("office:publication_release", args=[publication.pk]),
    )
    page = browser.get(reverse("office:dossier", args=[purchase.pk])).content.decode()
    assert (release in page) == (status == 302)
    assert reverse("office:publication_rescan", args=[publication.pk]) in page
    assert browser.post(release).status_code == status
