from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portaal.domain.identity import verbs
from portaal.domain.identity.models import LinkRequest
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.roles import Role

MANAGER = (Role.ADMINISTRATOR, Role.ACCOUNT_MANAGER)


class Command(BaseCommand):
    help = (
        "manager EMAIL SURNAME: add a login of the office, with the roles administrator and "
        "account_manager unless --role is given, and print the single-use link to set "
        "the password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("surname")
        parser.add_argument(
            "--role",
            action="append",
            choices=Role.values,
            dest="roles",
            help="Give this role instead; can be repeated.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verbs.add_staff(
                by=SYSTEM,
                roles=options["roles"] or MANAGER,
                email=options["email"],
                surname=options["surname"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        request = LinkRequest.objects.create(email=options["email"], answered_at=timezone.now())
        issued = verbs.issue_password_link(request, by=SYSTEM)
        LinkRequest.objects.filter(pk=request.pk).update(email="")
        if issued is None:
            raise CommandError("No link could be made.")
        _user, link, token = issued
        self.stdout.write(f"{settings.BASE_URL}/wachtwoord/{token}/")
        self.stdout.write(
            f"The link works once, until {timezone.localtime(link.expires_at):%d-%m-%Y %H:%M}."
        )
