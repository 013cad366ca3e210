from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portaal.domain.identity import verbs
from portaal.domain.identity.models import User, email_key
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.roles import Role


class Command(BaseCommand):
    help = (
        "roles EMAIL [ROLE ...]: replace the roles of a login of the office. "
        "Without a role, print those that it has."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("roles", nargs="*", metavar="ROLE", help=", ".join(Role.values))

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email_key=email_key(options["email"])).first()
        if user is None or not user.is_staff:
            raise CommandError("There is no login of the office with this e-mail address.")
        if options["roles"]:
            try:
                user = verbs.set_roles(user, by=SYSTEM, roles=options["roles"])
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.email}: {', '.join(sorted(user.roles))}")
