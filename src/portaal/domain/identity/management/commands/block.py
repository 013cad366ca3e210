from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portaal.domain.identity import verbs
from portaal.domain.identity.management.logins import login_of
from portaal.domain.journal.actors import SYSTEM


class Command(BaseCommand):
    help = "block EMAIL: block a login, of staff or of a client, and end its sessions and links."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = login_of(options["email"])
        if not user.is_active:
            self.stdout.write(f"{user.email} was blocked already.")
            return
        verbs.block(user, by=SYSTEM)
        self.stdout.write(
            f"{user.email} is blocked. Its sessions and unused password links have ended."
        )
