from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portaal.domain.journal.chain import faults
from portaal.domain.journal.models import Event


class Command(BaseCommand):
    help = "journal verify: checks the whole chain and names every break."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for fault in faults():
            found += 1
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{found} breaks in the journal.")
        self.stdout.write(f"The journal is whole: {Event.objects.count()} events.")
