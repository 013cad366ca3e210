"""Counts of the office's menu."""

from __future__ import annotations

from django import template

from portaal.domain.accounts.models import User
from portaal.domain.messaging.models import Message
from portaal.domain.notifications import undelivered

register = template.Library()


@register.simple_tag
def undelivered_count() -> int:
    return undelivered.count()


@register.simple_tag
def waiting_count(user: User) -> int:
    """Count the messages pending for this handler."""
    return Message.objects.pending_for(user).count()
