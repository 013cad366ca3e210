from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portaal.domain.journal import anchor
from portaal.domain.journal.chain import find_breaks
from portaal.domain.journal.models import Event


class Command(BaseCommand):
    help = (
        "journal verify: check the whole hash chain and print every break. "
        "With --anchor FILE, also compare the journal with the anchor lines in FILE."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["verify"])
        parser.add_argument(
            "--anchor", type=Path, default=settings.JOURNAL_ANCHOR_FILE, metavar="FILE"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for problem in chain(find_breaks(), self._anchor_breaks(options["anchor"])):
            count += 1
            self.stderr.write(problem)
        if count:
            raise CommandError(f"{count} breaks in the journal.")
        self.stdout.write(f"The journal is whole: {Event.objects.count()} events.")

    def _anchor_breaks(self, path: Path | None) -> Iterator[str]:
        if path is None:
            return
        try:
            with path.open(encoding="utf-8", errors="replace") as lines:
                yield from anchor.find_breaks(lines)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
