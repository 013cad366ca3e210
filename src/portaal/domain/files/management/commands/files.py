from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portaal.domain.files import sweep, tasks
from portaal.domain.files.models import StoredFile


class Command(BaseCommand):
    help = (
        "files verify: read every file and list the missing and changed ones. "
        "files sweep: delete files that nobody claimed. "
        "files check: rescan files that are quarantined because the scanner was away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["verify", "sweep", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "sweep":
            self.stdout.write(f"{sweep.sweep()} files removed.")
            return
        if options["act"] == "check":
            self.stdout.write(f"{tasks.rescan_unchecked()} files are checked again.")
            return
        problems = 0
        for problem in sweep.verify():
            problems += 1
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{problems} faults in the store.")
        self.stdout.write(f"Every file is whole: {StoredFile.objects.count()} files.")
