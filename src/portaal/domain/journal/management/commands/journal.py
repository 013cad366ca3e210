from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portaal.domain.journal import anchor
from portaal.domain.journal.chain import faults
from portaal.domain.journal.models import Event


class Command(BaseCommand):
    help = (
        "journal verify: checks the whole chain and names every break; with --anchor FILE also against what was written down "
        "at the second place."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["verify"])
        parser.add_argument(
            "--anchor", type=Path, default=settings.JOURNAL_ANCHOR_FILE, metavar="FILE"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for fault in chain(faults(), self._beside(options["anchor"])):
            found += 1
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{found} breaks in the journal.")
        self.stdout.write(f"The journal is whole: {Event.objects.count()} events.")

    def _beside(self, path: Path | None) -> Iterator[str]:
        if path is None:
            return
        try:
            with path.open(encoding="utf-8", errors="replace") as lines:
                yield from anchor.faults(lines)
        except OSError as fault:
            raise CommandError(f"{path} cannot be read: {fault}") from fault
