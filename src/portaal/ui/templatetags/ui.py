"""The filters and functions of templates, for those that Django's engine still renders."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from portaal.ui.filters import (
    bars,
    clock,
    day,
    day_near,
    day_short,
    faults,
    filesize,
    hour,
    label,
    moment,
    phone_link,
    split_name,
    stamp,
    weekday,
)
from portaal.ui.functions import control, described_by, field_kind, icon, submission_input
from portaal.ui.functions import query as changed_query

register = template.Library()
size = filesize
for each in (bars, clock, day, day_near, day_short, faults, hour, label, moment, phone_link):
    register.filter(each.__name__, each)
for each in (described_by, split_name, stamp, weekday):
    register.filter(each.__name__, each)
register.filter("size", filesize)
register.simple_tag(icon)
register.simple_tag(control)


@register.filter
def is_kind(field: BoundField, kind: str) -> bool:
    return field_kind(field) == kind


@register.simple_tag(takes_context=True)
def submission(context: dict[str, Any]) -> SafeString:
    return submission_input(context)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    return changed_query(context["request"].GET, **changes)
