from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portaal.domain.files import store, tasks
from portaal.domain.files.models import StoredFile


class Command(BaseCommand):
    help = (
        "files verify: reads every file and names what is missing or changed. files sweep: removes what nobody claimed. "
        "files check: has those checked again that are held because the scanner was away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["verify", "sweep", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "sweep":
            self.stdout.write(f"{store.sweep()} files removed.")
            return
        if options["act"] == "check":
            self.stdout.write(f"{tasks.check_unchecked()} files are checked again.")
            return
        found = 0
        for fault in store.faults():
            found += 1
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{found} faults in the store.")
        self.stdout.write(f"Every file is whole: {StoredFile.objects.count()} files.")
