"""The command sets up a new office with the default lists, and changes an existing one."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from portaal.domain.journal.models import Event
from portaal.domain.office.models import DossierType, Office, Status, TypeStep

pytestmark = pytest.mark.django_db


def test_new_office_gets_the_default_lists_and_keeps_its_changes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("office", "Kade notarissen", "--phone", "010 765 43 21")
    Status.objects.first().delete()
    call_command("office", "Kade notariaat", "--web-address", "www.kade.example.nl")
    office = Office.objects.get()
    assert office.name == "Kade notariaat"
    assert office.phone == "010 765 43 21"
    assert office.web_address == "www.kade.example.nl"
    assert capsys.readouterr().out.splitlines() == [
        "Kade notarissen: 4 statuses, 8 types of dossier.",
        "Kade notariaat: 3 statuses, 8 types of dossier.",
    ]
    transfer = DossierType.objects.get(name_nl="Levering woning")
    assert TypeStep.objects.filter(type=transfer).count() == 10
    assert Event.objects.filter(verb="office.set_up").count() == 2


def test_name_that_is_too_long_changes_nothing() -> None:
    with pytest.raises(CommandError):
        call_command("office", "x" * 81)
    assert not Office.objects.exists()
    assert not Status.objects.exists()
