"""A new office begins with its name and the usual lists; the same command again changes what it names."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from portaal.domain.journal.models import Event
from portaal.domain.office.models import DossierType, Office, Status, TypeStep

pytestmark = pytest.mark.django_db


def test_a_new_office_gets_the_usual_lists_and_keeps_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("office", "Kade notarissen", "--phone", "010 765 43 21")
    Status.objects.first().delete()
    call_command("office", "Kade notariaat", "--web-address", "www.kade.example.nl")
    office = Office.objects.get()
    assert (office.name, office.phone, office.web_address) == (
        "Kade notariaat",
        "010 765 43 21",
        "www.kade.example.nl",
    )
    assert capsys.readouterr().out.splitlines() == [
        "Kade notarissen: 4 statuses, 8 types of dossier.",
        "Kade notariaat: 3 statuses, 8 types of dossier.",
    ]
    assert (
        TypeStep.objects.filter(type=DossierType.objects.get(name_nl="Levering woning")).count()
        == 10
    )
    assert Event.objects.filter(verb="office.set_up").count() == 2


def test_what_does_not_fit_changes_nothing() -> None:
    with pytest.raises(CommandError):
        call_command("office", "x" * 81)
    assert (Office.objects.count(), Status.objects.count()) == (0, 0)
