"""Initial and required choices in the forms of the office."""

from __future__ import annotations

import errno
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from tests.people import Cast, make_cast, open_dossier, publish_to

from portaal.domain.clients.models import Client, Invitation, Membership
from portaal.domain.clients.verbs import add_client, add_login
from portaal.domain.dossiers.models import Access, Party
from portaal.domain.dossiers.verbs import admit, change_status
from portaal.domain.identity.models import User
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.messaging.verbs import save_canned_reply
from portaal.domain.notifications.models import Notice
from portaal.domain.office import verbs as office
from portaal.gateways.blobs import DiskBlobWriter

from .matrix import browser_of


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_party_is_not_added_without_a_chosen_role(cast: Cast):
    browser, purchase, before = (
        browser_of(cast.users["marieke"]),
        cast.dossiers["purchase"],
        Party.objects.count(),
    )
    path = reverse("office:party_new", args=[purchase.pk])
    role = browser.get(path).context["form"]["role"]
    assert role.value() is None
    assert next(iter(role.subwidgets)).choice_label == "Kies een rol."
    answer = browser.post(path, {"client": cast.clients["olga"].pk, "role": "", "access": "full"})
    assert answer.status_code == 400
    assert answer.context["form"].errors == {"role": ["Kies een rol."]}
    assert Party.objects.count() == before


def test_search_results_remain_choices_after_an_error(cast: Cast):
    browser, path = (
        browser_of(cast.users["marieke"]),
        reverse("office:party_new", args=[cast.dossiers["purchase"].pk]),
    )
    said = {"client": cast.clients["olga"].pk, "role": "", "access": "full"}
    answers = [browser.get(f"{path}?q=olga"), browser.post(f"{path}?q=olga", said)]
    offered = [
        [each.choice_label for each in answer.context["form"]["client"].subwidgets]
        for answer in answers
    ]
    assert offered == [["Kies een cliënt.", "Olga Test (olga@example.nl)"]] * 2
    assert answers[1].context["form"]["client"].value() == str(cast.clients["olga"].pk)


def test_client_with_a_refused_address_is_not_added_until_it_is_corrected(cast: Cast):
    browser, path = browser_of(cast.users["marieke"]), reverse("office:client_new")
    data = {
        "kind": "person",
        "surname": "Proef",
        "email": "joost@kantoor.example.nl",
        "invite": "on",
        "submission": str(uuid4()),
    }
    answer = browser.post(path, data)
    assert answer.status_code == 400
    assert answer.context["form"].errors == {
        "email": [
            "Dit is een adres van iemand van het kantoor. Gebruik het eigen adres van de cliënt."
        ]
    }
    assert list(answer.context["messages"]) == []
    assert answer.context["form"]["surname"].value() == "Proef"
    assert not Client.objects.filter(surname="Proef").exists()
    answer = browser.post(path, data | {"email": "proef@example.nl"})
    client = Client.objects.get(surname="Proef")
    assert answer.status_code == 302
    assert client.email == "proef@example.nl"
    assert Invitation.objects.filter(membership__client=client).count() == 1


def test_client_form_posted_twice_adds_and_invites_once(cast: Cast):
    browser, path = browser_of(cast.users["marieke"]), reverse("office:client_new")
    data = {
        "kind": "person",
        "surname": "Proef",
        "email": "proef@example.nl",
        "invite": "on",
        "submission": str(uuid4()),
    }
    locations = {browser.post(path, data).headers["Location"] for _ in range(2)}
    client = Client.objects.get(surname="Proef")
    assert locations == {reverse("office:client", args=[client.pk])}
    assert Invitation.objects.filter(membership__client=client).count() == 1


def test_party_that_cannot_be_invited_is_not_added(cast: Cast):
    by, purchase = cast.users["marieke"], cast.dossiers["purchase"]
    client = add_client(by=by, surname="Proef", email="joost@kantoor.example.nl")
    browser, path = browser_of(by), reverse("office:party_new", args=[purchase.pk])
    data = {
        "client": client.pk,
        "role": "heir",
        "access": "full",
        "invite": "on",
        "submission": str(uuid4()),
    }
    answer = browser.post(path, data)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["invite"]
    assert not Party.objects.filter(client=client).exists()
    assert browser.post(path, data | {"invite": ""}).status_code == 302
    assert Party.objects.filter(client=client).count() == 1


def test_party_form_posted_twice_invites_once(cast: Cast):
    by = cast.users["marieke"]
    dossier = open_dossier(cast, by, "2026.9")
    client = add_client(by=by, surname="Proef", email="proef@example.nl")
    browser, path = browser_of(by), reverse("office:party_new", args=[dossier.pk])
    data = {
        "client": client.pk,
        "role": "heir",
        "access": "full",
        "invite": "on",
        "submission": str(uuid4()),
    }
    assert [browser.post(path, data).status_code for _ in range(2)] == [302, 302]
    assert Invitation.objects.filter(membership__client=client).count() == 1


def test_new_dossier_form_has_first_status_in_progress_and_no_type(cast: Cast):
    office.add_status(by=SYSTEM, name_nl="Wacht op bank", name_en="", group="in_progress")
    form = browser_of(cast.users["marieke"]).get(reverse("office:dossier_new")).context["form"]
    chosen = {
        name: [each.choice_label for each in form[name].subwidgets if each.data["selected"]]
        for name in ("status", "type")
    }
    assert chosen == {"status": ["In behandeling"], "type": ["Kies een soort."]}
    assert [next(iter(form[name].subwidgets)).choice_label for name in ("status", "type")] == [
        "Kies een status.",
        "Kies een soort.",
    ]


def test_party_that_never_logged_in_is_marked_as_without_email(cast: Cast):
    by, purchase = cast.users["marieke"], cast.dossiers["purchase"]
    for surname, email in (("Nieuw", "nieuw@example.nl"), ("<b>Zonder", "")):
        client = add_client(by=by, surname=surname, email=email)
        if email:
            add_login(client, by=by)
        admit(purchase, by=by, client=client, role="heir")
    browser = browser_of(by)
    form = browser.get(reverse("office:dossier", args=[purchase.pk])).context["form"]
    note = " <small>nog niet ingelogd: krijgt hierover geen e-mail</small>"
    labels = [str(each.choice_label) for each in form["parties"].subwidgets]
    assert labels == ["Sanne Test", "Emre Test", f"Nieuw{note}", f"&lt;b&gt;Zonder{note}"]
    form = browser.get(reverse("office:message_new", args=[purchase.pk])).context["form"]
    labels = [str(each.choice_label) for each in form["parties"].subwidgets]
    assert labels[2:] == [f"Nieuw (Erfgenaam){note}", f"&lt;b&gt;Zonder (Erfgenaam){note}"]


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (User, {"deactivated_at": timezone.now()}),
        (Membership, {"ended_at": timezone.now()}),
        (Membership, {"all_dossiers": False}),
    ],
    ids=["blocked", "ended", "not granted"],
)
def test_party_without_email_is_marked_and_gets_none(
    cast: Cast, model: type[Model], change: dict[str, Any]
):
    """The mark of the form and the notices follow from one decision."""
    by, purchase, sanne = cast.users["marieke"], cast.dossiers["purchase"], cast.users["sanne"]
    before = Notice.objects.filter(user=sanne).count()
    row = sanne if model is User else Membership.objects.get(user=sanne)
    model._default_manager.filter(pk=row.pk).update(**change)
    form = browser_of(by).get(reverse("office:dossier", args=[purchase.pk])).context["form"]
    note = " <small>krijgt hierover geen e-mail</small>"
    labels = [str(each.choice_label) for each in form["parties"].subwidgets]
    assert labels == [f"Sanne Test{note}", "Emre Test"]
    publish_to([cast.parties["sanne"]], by)
    assert Notice.objects.filter(user=sanne).count() == before


def test_message_is_not_offered_to_party_with_documents_only(cast: Cast):
    Party.objects.filter(pk=cast.parties["emre"].pk).update(access=Access.DOCUMENTS)
    path = reverse("office:message_new", args=[cast.dossiers["purchase"].pk])
    form = browser_of(cast.users["marieke"]).get(path).context["form"]
    assert list(form.fields["parties"].queryset) == [cast.parties["sanne"]]


def test_message_form_does_not_open_in_closed_dossier(cast: Cast):
    by, purchase = cast.users["marieke"], cast.dossiers["purchase"]
    change_status(purchase, by=by, status=cast.closed)
    answer = browser_of(by).get(reverse("office:message_new", args=[purchase.pk]))
    assert answer.status_code == 403


@pytest.mark.parametrize(("person", "offered"), [("marieke", ["Eigen"]), ("joost", [])])
def test_own_canned_reply_is_not_offered_to_colleague(cast: Cast, person: str, offered: list[str]):
    save_canned_reply(None, by=cast.users["marieke"], name="Eigen", body="Beste,", own=True)
    path = reverse("office:message_new", args=[cast.dossiers["purchase"].pk])
    form = browser_of(cast.users[person]).get(path).context["form"]
    assert [reply.name for reply in form.fields["standard"].queryset] == offered


def test_failing_disk_is_explained_when_publishing(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no")

    monkeypatch.setattr(DiskBlobWriter, "write", fails)
    purchase = cast.dossiers["purchase"]
    answer = browser_of(cast.users["marieke"]).post(
        reverse("office:dossier", args=[purchase.pk]),
        {"title": "Concept akte", "file": SimpleUploadedFile("akte.pdf", b"%PDF-1.7\n%%EOF\n")},
    )
    assert answer.status_code == 400
    assert "geen ruimte voor bestanden" in answer.content.decode()
    assert answer.context["form"]["title"].value() == "Concept akte"
