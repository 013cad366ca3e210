"""Anchor lines of each hour, and removal of old security events."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from portaal.domain.periodic import daily, hourly, prune

from . import anchor
from .models import SecurityEvent

SECURITY_EVENTS_KEPT = timedelta(days=90)  # enough to look into an attack that is found late


@hourly
def write_anchor() -> None:
    """Append the journal's end to the file of the settings. Raises OSError."""
    if settings.JOURNAL_ANCHOR_FILE:
        anchor.write(settings.JOURNAL_ANCHOR_FILE)


@hourly
def send_anchor() -> None:
    """Mail the journal's end to the address of the settings.

    Raises the errors of the mail backend.
    """
    if settings.JOURNAL_ANCHOR_MAIL:
        anchor.send(settings.JOURNAL_ANCHOR_MAIL)


@daily
def prune_security_events() -> None:
    """Delete old security events. They are not in the hash chain of the journal."""
    prune(SecurityEvent.objects.filter(at__lt=timezone.now() - SECURITY_EVENTS_KEPT))
