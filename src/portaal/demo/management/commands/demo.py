from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portaal.demo.load import load
from portaal.domain.identity.models import User


class Command(BaseCommand):
    help = "Load the demo office, once: all of it or nothing. Not in production."

    def handle(self, *args: object, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo office is not for production.")
        if User.objects.exists():
            self.stdout.write("  The demo office is there already; it was left alone.")
            return
        with transaction.atomic():
            load(lambda words: self.stdout.write(f"  {words}"))
        self.stdout.write(
            f"  Loaded. Every login has the password {settings.DEMO_PASSWORD};"
            " the login pages list them."
        )
