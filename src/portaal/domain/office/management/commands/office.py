from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portaal.domain.journal.actors import SYSTEM
from portaal.domain.office import verbs
from portaal.domain.office.models import DossierType, Status
from portaal.domain.office.standard import STATUSES, TYPES

FACTS = ["street", "postcode", "city", "phone", "email", "web_address"]


class Command(BaseCommand):
    help = (
        "office NAME [--phone …]: writes down whose portal this is; a new office gets the usual statuses and types of dossier. "
        "Again with other values changes them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        for fact in FACTS:
            parser.add_argument(f"--{fact.replace('_', '-')}")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        facts = {fact: options[fact] for fact in FACTS if options[fact] is not None}
        try:
            office = verbs.set_up(by=SYSTEM, name=options["name"], **facts)
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        if not Status.objects.exists():
            for nl, en, group in STATUSES:
                verbs.add_status(by=SYSTEM, name_nl=nl, name_en=en, group=group)
        if not DossierType.objects.exists():
            for name, (english, steps) in TYPES.items():
                verbs.add_type(by=SYSTEM, name_nl=name, name_en=english, steps=steps)
        self.stdout.write(
            f"{office.name}: {Status.objects.count()} statuses, {DossierType.objects.count()} types of dossier."
        )
