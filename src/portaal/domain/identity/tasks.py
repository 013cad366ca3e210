"""Hourly and daily removal of ended sessions and old requests of password links."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from portaal.domain.periodic import daily, hourly, prune

from .models import LinkRequest, Session

SESSIONS_KEPT = timedelta(days=1)  # longer than any session lives
ADDRESSES_KEPT = timedelta(days=1)  # longer than all attempts to answer the request
REQUESTS_KEPT = timedelta(days=7)  # as long as the job that answered it


@hourly
def erase_addresses() -> None:
    """Erase the e-mail address of each old request, also if it was never answered."""
    old = LinkRequest.objects.filter(requested_at__lt=timezone.now() - ADDRESSES_KEPT)
    old.exclude(email="").update(email="")


@daily
def prune_link_requests() -> None:
    prune(LinkRequest.objects.filter(requested_at__lt=timezone.now() - REQUESTS_KEPT))


@hourly
def prune_sessions() -> None:
    prune(Session.objects.filter(seen_at__lt=timezone.now() - SESSIONS_KEPT))
