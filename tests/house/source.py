"""Functions that read the project's own source, for the house tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import nodes

from portaal.ui.jinja import Environment

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "portaal"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def modules(*folders: str) -> list[Path]:
    """Return the Python files in these folders of src/portaal (all by default).

    Migrations are excepted.
    """
    found = [
        path for folder in folders or ("",) for path in sorted((SOURCE / folder).rglob("*.py"))
    ]
    return [path for path in found if "migrations" not in path.parts]


def templates() -> list[Path]:
    """Return the templates of pages and e-mails."""
    paths = SOURCE.rglob("templates/**/*.*")
    return sorted(path for path in paths if path.suffix in (".html", ".txt", ".js"))


@cache
def syntax(path: Path) -> nodes.Template:
    """Return the syntax tree of a Jinja2 template."""
    return jinja().parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def jinja() -> Environment:
    return Environment("nl")


def is_mail(template: Path) -> bool:
    return "mail" in template.parts[:-1]


def place(path: Path, node: ast.AST | int | None = None) -> str:
    """Return a place such as 'faces/client/home/views.py:12', for a failing test."""
    line = node if isinstance(node, int) else getattr(node, "lineno", None)
    return str(path.relative_to(SOURCE if path.is_relative_to(SOURCE) else ROOT)) + (
        f":{line}" if line else ""
    )


def calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call under a node, with the last part of the called name."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            yield name_of(each.func), each


def name_of(node: ast.AST) -> str:
    return (
        node.attr
        if isinstance(node, ast.Attribute)
        else node.id
        if isinstance(node, ast.Name)
        else ""
    )


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)}


def reaches(
    function: ast.FunctionDef,
    wanted: str,
    known: dict[str, ast.FunctionDef],
    seen: tuple[str, ...] = (),
) -> bool:
    """Return True if a function calls `wanted`, directly or through the `known` functions."""
    for name in _called(function):
        if name == wanted:
            return True
        if (
            name in known
            and name not in seen
            and reaches(known[name], wanted, known, (*seen, name))
        ):
            return True
    return False


def _called(function: ast.FunctionDef) -> Iterator[str]:
    """Yield the names of called functions, also of prepared queries (`query.get_or_404(…)`)."""
    for name, call in calls(function):
        yield name
        if name in ("first", "get_or_404") and isinstance(call.func, ast.Attribute):
            yield name_of(call.func.value)
