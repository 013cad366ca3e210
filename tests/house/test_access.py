"""Access: every view is closed unless this list names it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from tests.house.source import modules, place, templates, tree

# Views that need no login, with the reason.
PUBLIC = {
    "client:login": "the door",
    "client:welcome": "first e-mail: asks the address, tells nothing",
    "client:password_request": "asks the address, tells nothing",
    "client:password_requested": "the same page for everyone",
    "client:password_link": "the token is what lets in",
    "client:password_set": "the token is what lets in",
    "client:language": "a cookie of the browser's own",
    "office:language": "a cookie of the browser's own",
    "client:session": "how long this browser stays in: nothing for who is not in",
    "office:session": "how long this browser stays in: nothing for who is not in",
    "office:login": "the door",
    "mailbox:index": "demo and development only",
    "mailbox:mail": "demo and development only",
    "mailbox:json": "demo and development only",
    "house_style": "two colours",
    "logo": "for everyone to see",
    "offline": "the same page for everyone",
    "offline_worker": "a script",
    "csp_report": "the browser's own report",
    "health": "says ok",
    "gallery": "demo and development only; examples of words and shapes",
}


def views(
    resolver: URLResolver, space: str = ""
) -> Iterator[tuple[str, Callable[..., Any], list[str]]]:
    """Return every view: its full name, the function, and the parameters of its route."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", entry.callback, list(entry.pattern.converters)


def test_public_views_are_those_of_the_list():
    public = {
        name for name, view, _ in views(get_resolver()) if getattr(view, "access", None) == "public"
    }
    assert public == set(PUBLIC)


def test_other_views_are_for_the_users_of_their_face():
    faces = {"client": {"client", "logged_in"}, "office": {"staff", "logged_in"}}
    foreign = [
        name
        for name, view, _ in views(get_resolver())
        if name not in PUBLIC
        and getattr(view, "access", None) not in faces.get(name.partition(":")[0], ())
    ]
    assert foreign == []


def test_each_view_has_a_unique_name():
    names = [name for name, _, _ in views(get_resolver())]
    assert sorted(names) == sorted(set(names))
    assert [name for name in names if name.endswith("None")] == []


# Modules that name roles or read those of a login, with the reason; all others ask for a right.
NAMES_ROLES = {
    "domain/journal/roles.py": "the table of roles and rights",
    "domain/identity/models.py": "stores the roles of a login",
    "domain/identity/verbs.py": "sets them",
    "domain/identity/management/commands/manager.py": "the roles of the first login",
    "domain/identity/management/commands/roles.py": "sets and prints them",
    "faces/office/context.py": "shows them under the name of the user",
}


def test_permissions_ask_for_a_right_and_not_for_a_role():
    asking = {
        place(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.ImportFrom) and "Role" in [name.name for name in node.names])
        or (isinstance(node, ast.Attribute) and node.attr in ("roles", "role_names"))
    }
    assert asking == set(NAMES_ROLES)


def test_templates_ask_for_a_right_and_not_for_a_role():
    asking = [
        place(path)
        for path in templates()
        if re.search(r"\b(user|by)\.role", path.read_text(encoding="utf-8"))
    ]
    assert asking == []
