"""Run inside a portal: prints the id of a standing party of the cast."""

from __future__ import annotations

import sys

import django

django.setup()

from portaal.domain.dossiers.models import Party  # noqa: E402 - the settings come first

sys.stdout.write(
    str(Party.objects.active().filter(dossier__number="2026.1").earliest("admitted_at").pk)
)
