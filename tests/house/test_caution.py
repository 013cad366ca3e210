"""Dangerous calls: each is in a list with its reason."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2.meta import find_referenced_templates
from tests.house.source import (
    calls,
    modules,
    name_of,
    place,
    syntax,
    templates,
    tree,
)

SQL = {
    "speed/queries.py": "writes constants into SQL of the ORM, quoted by the driver",
    "settings.py": "sets up each connection to SQLite",
    "web/management/commands/migrate.py": "introspects tables, without a statement",
}
WAYS_TO_SQL = {"raw", "extra", "RawSQL", "cursor", "executescript", "compose_sql", "mogrify"}
STATEMENT = re.compile(
    r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|DROP|ALTER|TRUNCATE|PRAGMA)\s"
)
SAFE = {
    "ui/filters.py": "says that a label or a phone number is HTML, put together by format_html",
    "ui/functions.py": "builds the icons from files of our own, and escapes addresses",
}


def found(wanted: set[str]) -> set[str]:
    """Return the files that call or import one of these names."""
    files = set()
    for path in modules():
        called = {name for name, _ in calls(tree(path))}
        imported = {
            alias.name
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        if wanted & (called | imported):
            files.add(place(path))
    return files


def has_sql(path: Path) -> bool:
    """Tell if a module has a text that starts as a statement, or replaces the ORM's SQL."""
    nodes = list(ast.walk(tree(path)))
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    targets = [target for node in nodes if isinstance(node, ast.Assign) for target in node.targets]
    return any(isinstance(text, str) and STATEMENT.match(text) for text in texts) or any(
        name_of(target) == "as_sql" for target in targets
    )


def test_raw_sql_has_a_reason():
    with_sql = {place(path) for path in modules() if has_sql(path)}
    assert found(WAYS_TO_SQL) | with_sql == set(SQL)


def test_safe_html_has_a_reason():
    assert found({"mark_safe", "SafeString", "SafeText", "Markup"}) <= set(SAFE)


def test_format_html_takes_a_literal():
    pasted = [
        place(path, call)
        for path in modules()
        for name, call in calls(tree(path))
        if name in ("format_html", "format_html_join")
        and not all(
            isinstance(text, ast.Constant)
            for text in call.args[: 1 if name == "format_html" else 2]
        )
    ]
    assert pasted == []


def test_templates_escape_everything():
    """Only the text part of an e-mail is not HTML."""
    loose = re.compile(r"\|\s*safe(seq)?\b|{%-?\s*autoescape\b|\bMarkup\b")
    assert [
        place(path)
        for path in templates()
        if path.suffix != ".txt" and loose.search(path.read_text())
    ] == []


def test_html_includes_no_text_template():
    """A template named .txt escapes nothing, also inside HTML that includes it."""
    assert [
        (place(path), other)
        for path in templates()
        if path.suffix != ".txt"
        for other in find_referenced_templates(syntax(path))
        if other is None or other.endswith(".txt")
    ] == []


@pytest.mark.parametrize("module", ["random", "pickle", "marshal", "shelve", "dill", "yaml"])
def test_unsafe_module_is_not_imported(module):
    """`secrets` gives random values; untrusted bytes never become objects."""
    users = [
        place(path, node)
        for path in modules()
        for node in ast.walk(tree(path))
        if (
            isinstance(node, ast.Import)
            and module in {alias.name.partition(".")[0] for alias in node.names}
        )
        or (
            isinstance(node, ast.ImportFrom)
            and not node.level
            and (node.module or "").partition(".")[0] == module
        )
    ]
    assert users == []


def test_passwords_are_hashed_in_one_module():
    """It limits how many are hashed at once."""
    hashing = {"check_password", "acheck_password", "make_password", "get_hasher"}
    assert found(hashing) == {"domain/identity/hashing.py"}


def test_text_is_never_evaluated():
    running = [
        place(path, call)
        for path in modules()
        for name, call in calls(tree(path))
        if (name in ("eval", "exec", "compile", "__import__") and isinstance(call.func, ast.Name))
        or name in ("system", "popen", "getoutput", "getstatusoutput")
        or any(word.arg == "shell" for word in call.keywords)
    ]
    assert running == []


def test_secrets_are_compared_in_constant_time():
    secret = re.compile(r"(^|_)(token|secret|mac|digest|signature|otp|token_hash|key_hash|csrf)$")
    compared = [
        place(path, node)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Compare)
        and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops)
        and any(secret.search(name_of(side)) for side in (node.left, *node.comparators))
        and not any(isinstance(side, ast.Constant) for side in (node.left, *node.comparators))
    ]
    assert compared == []
