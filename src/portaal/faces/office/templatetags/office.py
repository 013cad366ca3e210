"""What the rail of the office counts."""

from __future__ import annotations

from django import template

from portaal.domain.notifications import undelivered

register = template.Library()


@register.simple_tag
def undelivered_count() -> int:
    return undelivered.count()
