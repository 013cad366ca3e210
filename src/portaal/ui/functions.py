"""Functions for templates: icons, addresses, static files and form inputs."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.contrib.staticfiles import finders
from django.forms import BoundField
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

SLUG = re.compile(r"[-\w]+", re.ASCII)  # characters that an address holds as they are


def icon(name: str, css: str = "") -> SafeString:
    """Return an inline Lucide icon. Raises KeyError for a name that the build did not find."""
    drawing = mark_safe(_icons()[name])  # noqa: S308 - our own build made it from the icon package
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', css, drawing
    )


def url(view: str, *arguments: Any) -> Markup:
    """Return the address of a view, escaped. Raises NoReverseMatch if there is none.

    Addresses that differ only in UUIDs and slugs are reversed once and filled in afterwards.
    """
    for each in arguments:
        if not (type(each) is UUID or (type(each) is str and SLUG.fullmatch(each))):
            break
    else:
        if pattern := _pattern(view, *map(type, arguments)):
            return Markup(pattern % arguments)  # noqa: S704 - slugs have nothing to escape
    return Markup(escape(reverse(view, args=arguments)))  # noqa: S704 - escaped


def url_of(argument: Any, view: str) -> Markup:
    """Return `url(view, argument)`, by a shorter way for a UUID."""
    if type(argument) is UUID and (pattern := _pattern(view, UUID)):
        return Markup(pattern % argument)  # noqa: S704 - a UUID has nothing to escape
    return url(view, argument)


@lru_cache(maxsize=512)
def _pattern(view: str, *kinds: type) -> str:
    """Return the address with '%s' for each argument: '/dossiers/%s/'; empty if none fits."""
    stand_ins = [uuid4() if kind is UUID else uuid4().hex for kind in kinds]
    try:
        pattern = escape(reverse(view, args=stand_ins)).replace("%", "%%")
    except NoReverseMatch:
        return ""
    for each in stand_ins:
        pattern = pattern.replace(str(each), "%s")
    return pattern


def query(parameters: QueryDict, **changes: Any) -> str:
    """Return a page's query string with some values changed, or removed where they are None."""
    changed = parameters.copy()
    for name, value in changes.items():
        changed.setlist(name, [] if value is None else [value])
    return changed.urlencode()


def control(field: BoundField) -> SafeString:
    """Return the input of a field, with the attributes that a screen reader needs."""
    attrs: dict[str, Any] = {}
    if field_kind(field) != "check":
        attrs["class"] = f"input {field.field.widget.attrs.get('class', '')}".strip()
    if field.errors:
        attrs["aria-invalid"] = "true"
    if described := described_by(field):
        attrs["aria-describedby"] = described
    return field.as_widget(attrs=attrs)


def described_by(field: BoundField) -> str:
    """Return the ids of a field's hint and error, of those that it has."""
    parts = ((field.help_text, "hint"), (field.errors, "error"))
    return " ".join(f"{field.auto_id}_{part}" for present, part in parts if present)


def field_kind(field: BoundField) -> str:
    """Return 'choices' (several inputs), 'check' (one tick box), 'password' or 'plain'."""
    kinds = {
        "RadioSelect": "choices",
        "CheckboxSelectMultiple": "choices",
        "CheckboxInput": "check",
        "PasswordInput": "password",
    }
    return kinds.get(type(field.field.widget).__name__, "plain")


def submission_input(context: Any) -> SafeString:
    """Return the hidden input with the form's submission id.

    The id is that of its draft or of the form that came back with errors, else a new one.
    """
    request = context.get("request")
    sent = request.POST.get("submission") if request and request.method == "POST" else ""
    id = context.get("submission_id") or sent or uuid4()
    return format_html('<input type="hidden" name="submission" value="{}">', id)


@pass_context
def submission(context: Context) -> SafeString:
    """Return the hidden input with the form's submission id (see submission_input)."""
    return submission_input(context)


@lru_cache(maxsize=1)
def _icons() -> dict[str, str]:
    path = finders.find("ui/built/icons.json")
    if not path:
        raise RuntimeError("The icons have not been built: run `make build`.")
    icons: dict[str, str] = json.loads(Path(str(path)).read_text(encoding="utf-8"))
    return icons


FUNCTIONS = {
    each.__name__: each
    for each in (control, described_by, field_kind, icon, query, static, submission, url)
}
# Give the same on every page for the same text, so that a call becomes a constant.
CONSTANT = ("icon", "static", "url")
