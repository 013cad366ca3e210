from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.verbs import rotate as rotate_journal
from portaal.domain.keys import crypto, verbs
from portaal.domain.keys.models import Vault
from portaal.gateways.keyring import Keyring, keyring


class Command(BaseCommand):
    help = (
        "keys make: create a keyring. keys rotate: add a master key and wrap the key of every "
        "vault with it, and add a key that seals the journal from now on. keys doctor: check that "
        "the key of every vault can be unwrapped."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["make", "rotate", "doctor"])

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["act"])()

    def make(self) -> None:
        try:
            Keyring.make(settings.KEYS_FILE)
        except FileExistsError as error:
            raise CommandError(
                f"{settings.KEYS_FILE} is there already; it was left alone."
            ) from error
        self.stdout.write(
            f"A new keyring is in {settings.KEYS_FILE}. Keep a copy apart from the back-ups."
        )

    def rotate(self) -> None:
        journal = rotate_journal(by=SYSTEM)
        self.stdout.write(f"The journal is sealed with {journal.key_id}. Keep its older keys.")
        master = keyring().add_master(settings.KEYS_FILE)
        vaults = Vault.objects.exclude(master=master).exclude(wrapped=None)
        total = vaults.count()
        for number, vault in enumerate(vaults.iterator(chunk_size=500), start=1):
            verbs.rotate(vault, by=SYSTEM)
            if number % 1000 == 0 or number == total:
                self.stdout.write(f"{number} of {total} vaults")
        self.stdout.write(f"All vaults are wrapped with {master}.")

    def doctor(self) -> None:
        broken = []
        for vault in Vault.objects.exclude(wrapped=None).iterator(chunk_size=500):
            try:
                vault.key()
            except (crypto.Tampered, KeyError):
                broken.append(vault)
                self.stderr.write(f"vault {vault.pk} does not open with {vault.master}")
        if broken:
            raise CommandError(f"{len(broken)} vaults do not open.")
        self.stdout.write(
            f"Every vault opens; the newest master key is {keyring().current_master()}."
        )
