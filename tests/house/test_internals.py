"""Django's private names: only `portaal.speed` uses them."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.house.source import SOURCE, modules, name_of, place, tree

# Documented, in spite of the underscore.
PUBLIC = {"_meta", "_default_manager"}
# Public names that belong to the ORM's compiler, to its SQL or to the database's driver.
INTERNAL = {"get_compiler", "compiler", "as_sql", "cursor_factory", "compose_sql", "__class__"}
INTERNAL_MODULES = ("django.db.backends", "django.db.models.sql", "psycopg")
CONNECTION = "django.db.backends.base.base"  # the type of a connection

ALLOWED = {
    "domain/visible.py": {"__class__"},  # Python's: a queryset becomes its own subclass
}


def test_only_speed_uses_names_that_django_keeps_to_itself():
    used = {
        place(path): names
        for path in modules()
        if not path.is_relative_to(SOURCE / "speed")
        if (names := {*_private(path), *_internal(path)})
    }
    assert used == ALLOWED


def _private(path: Path) -> Iterator[str]:
    """Yield private names of other objects, and of Django's base classes."""
    own = {node.name for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and _is_private(node.attr):
            is_own = name_of(node.value) in ("self", "cls") or node.attr in own
            if not is_own and node.attr not in PUBLIC:
                yield node.attr
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("django."):
            yield from (alias.name for alias in node.names if _is_private(alias.name))
        if isinstance(node, ast.ClassDef):
            yield from _inherited(path, node)


def _inherited(path: Path, node: ast.ClassDef) -> Iterator[str]:
    """Yield private names of a class that the source of its bases in Django has too."""
    module = import_module(".".join(path.relative_to(SOURCE.parent).with_suffix("").parts))
    made = getattr(module, node.name, None)
    if not isinstance(made, type):
        return
    bases = {base.__module__ for base in made.__mro__ if base.__module__.startswith("django")}
    known = {
        name
        for base in bases
        for name in re.findall(r"\b_[a-z]\w*", inspect.getsource(sys.modules[base]))
    }
    for each in ast.walk(node):
        if (
            isinstance(each, ast.Attribute)
            and name_of(each.value) in ("self", "cls")
            and each.attr in known
            and _is_private(each.attr)
        ):
            yield each.attr


def _internal(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in INTERNAL:
            is_read = node.attr == "__class__" and not isinstance(node.ctx, ast.Store)
            yield from () if is_read else (node.attr,)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(INTERNAL_MODULES):
            yield from {str(node.module)} - {CONNECTION}


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")
