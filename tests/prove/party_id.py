"""Run inside a portal: print the id of an active party of the cast."""

from __future__ import annotations

import sys

import django

django.setup()

from portaal.domain.dossiers.models import Party  # noqa: E402 - needs the settings

sys.stdout.write(
    str(Party.objects.active().filter(dossier__number="2026.1").earliest("admitted_at").pk)
)
