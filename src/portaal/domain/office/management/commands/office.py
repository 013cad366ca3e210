from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portaal.domain.journal.actors import SYSTEM
from portaal.domain.office import verbs
from portaal.domain.office.defaults import STATUSES, TYPES
from portaal.domain.office.models import DossierType, Status

FIELDS = ["street", "postcode", "city", "phone", "email", "web_address"]


class Command(BaseCommand):
    help = (
        "office NAME [--phone …]: set the name and details of the office. A new office gets the "
        "default statuses and types of dossier. Run it again to change the details."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        for field in FIELDS:
            parser.add_argument(f"--{field.replace('_', '-')}")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        facts = {field: options[field] for field in FIELDS if options[field] is not None}
        try:
            office = verbs.set_up(by=SYSTEM, name=options["name"], **facts)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if not Status.objects.exists():
            for nl, en, group in STATUSES:
                verbs.add_status(by=SYSTEM, name_nl=nl, name_en=en, group=group)
        if not DossierType.objects.exists():
            for dutch, (english, steps) in TYPES.items():
                verbs.add_type(by=SYSTEM, name_nl=dutch, name_en=english, steps=steps)
        self.stdout.write(
            f"{office.name}: {Status.objects.count()} statuses, "
            f"{DossierType.objects.count()} types of dossier."
        )
