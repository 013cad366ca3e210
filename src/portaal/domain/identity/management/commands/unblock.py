from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portaal.domain.identity import verbs
from portaal.domain.identity.management.logins import login_of
from portaal.domain.journal.actors import SYSTEM


class Command(BaseCommand):
    help = "unblock EMAIL: let a blocked login in again, with the password that it had."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = login_of(options["email"])
        if user.is_active:
            self.stdout.write(f"{user.email} was not blocked.")
            return
        verbs.unblock(user, by=SYSTEM)
        self.stdout.write(f"{user.email} can log in again, with the password that it had.")
