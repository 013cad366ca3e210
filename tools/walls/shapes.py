"""Shapes of access checks in the source, and the source to put in their place.

A check is one of these:

- a decorator of a view that names its audience, or refuses other sites;
- a `visible_to` or a similar queryset where it is used, and a condition inside one of those;
- a filter on the acting login;
- a level of `Access`;
- an `_only(...)`, an `if ...: raise PermissionDenied`, or a part of their condition;
- the condition `may_...`, and each `return` of a `may_...` function or a part of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

# Querysets of rows that one reader may see or use.
SEEING = {
    "visible_to",
    "accessible_to",
    "with_access",
    "new_to",
    "unread_by",
    "pending_for",
    "unclaimed_by",
    "uploaded_by",
    "of",
    "live",
    "active",
    "provided",
}
# Other functions whose filters decide who sees or receives something.
NARROWING = SEEING | {"informed", "mark_seen_by_all", "_readings", "_mails"}
# Functions that return conditions on a row, all of which must hold.
CONDITIONS = {"accessible_to", "is_unread_by", "_membership_reaches"}
OWNERS = {"user", "owner", "owner_id", "sender"}  # columns of the login that a row belongs to
ACTORS = {"user", "by", "user.pk", "by.pk"}
PUBLIC = '__import__("portaal.faces.shared.access", fromlist=["public"]).public'
MARKS = {
    "client": PUBLIC,
    "staff": PUBLIC,
    "logged_in": PUBLIC,
    "same_site": "(lambda view: view)",
}
PERMISSIONS = ("may_", "permissions.may_")
LEVELS = ("NONE", "DOCUMENTS", "READ", "WRITE")  # of Access, in order
MODULES = {"mails"}  # modules with a function of SEEING
REFUSALS = {"PermissionDenied", "Http404", "NotClean"}

Hole = tuple[ast.expr | ast.stmt, str]


def holes(tree: ast.Module) -> Iterator[Hole]:
    """Yield each node that checks, and its replacement."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef():
                yield from _of_function(node)
            case ast.Call(func=ast.Attribute()):
                yield from _of_method_call(node)
            case ast.Expr(value=ast.Call(func=ast.Name(id="_only"), args=[allowed])):
                yield node, "pass"
                yield from _without_each_part(allowed, ast.And)
            case ast.If(test=test, body=[ast.Raise(exc=raised)]) if (
                raised and ast.unparse(raised).partition("(")[0] in REFUSALS
            ):
                yield test, "False"
                yield from _without_each_part(test, ast.Or)
            case ast.If(test=test) | ast.comprehension(ifs=[test]):
                yield from _permissions(test)
            case ast.UnaryOp(op=ast.Not(), operand=ast.Attribute(attr="is_authenticated")):
                yield node, "False"


def _of_function(function: ast.FunctionDef) -> Iterator[Hole]:
    for mark in function.decorator_list:
        if isinstance(mark, ast.Name) and mark.id in MARKS:
            yield mark, MARKS[mark.id]
    if function.name.startswith("may_"):
        yield from _allowing(function)
    if function.name in NARROWING:
        yield from _narrowings(function)
    if function.name in CONDITIONS:
        yield from _conditions(function)


def _of_method_call(call: ast.Call) -> Iterator[Hole]:
    assert isinstance(call.func, ast.Attribute)
    rows, method = ast.unparse(call.func.value), call.func.attr
    if method in SEEING and not _is_of_no_queryset(call.func):
        yield call, f"{rows}.all()"
        yield from _lower_levels(call)
    if method in ("filter", "get"):
        for keyword in call.keywords:
            if keyword.arg in OWNERS and ast.unparse(keyword.value) in ACTORS:
                yield call, _without(call, keyword)


def _is_of_no_queryset(function: ast.Attribute) -> bool:
    """Return True for `Preference.of` or `mails.visible_to`, which have checks inside."""
    rows = ast.unparse(function.value)
    return "." not in rows and (rows[0].isupper() or rows in MODULES)


def _permissions(test: ast.expr) -> Iterator[Hole]:
    for call in ast.walk(test):
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith(PERMISSIONS):
            yield call, "True"


def _lower_levels(call: ast.Call) -> Iterator[Hole]:
    for argument in call.args:
        match argument:
            case ast.Attribute(value=ast.Name(id="Access"), attr=level) if level in LEVELS[1:]:
                yield argument, f"Access.{LEVELS[LEVELS.index(level) - 1]}"


def _allowing(function: ast.FunctionDef) -> Iterator[Hole]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value:
            yield node, "return True"
            yield from _without_each_part(node.value, ast.And)


def _without_each_part(test: ast.expr, operator: type[ast.boolop]) -> Iterator[Hole]:
    """Yield each part of `a and b`, or of `a or b`, also where it is inside other parts."""
    for node in ast.walk(test):
        if isinstance(node, ast.BoolOp) and isinstance(node.op, operator):
            for value in node.values:
                rest = [each for each in node.values if each is not value]
                whole = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
                yield node, f"({ast.unparse(whole)})"


def _narrowings(function: ast.FunctionDef) -> Iterator[Hole]:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=rows, attr="filter" | "exclude" | "none")):
                yield node, f"{ast.unparse(rows)}.all()"
                if len(node.args) + len(node.keywords) > 1:
                    for part in (*node.args, *node.keywords):
                        yield node, _without(node, part)
            case ast.comprehension(ifs=[test]) | ast.IfExp(test=test) if not _makes(function):
                yield test, "True"


def _makes(function: ast.FunctionDef) -> bool:
    """Return True for a class method, which makes an object from others."""
    return any(ast.unparse(each) == "classmethod" for each in function.decorator_list)


def _without(call: ast.Call, part: ast.expr | ast.keyword) -> str:
    args = [each for each in call.args if each is not part]
    keywords = [each for each in call.keywords if each is not part]
    return ast.unparse(ast.Call(call.func, args, keywords))


def _conditions(function: ast.FunctionDef) -> Iterator[Hole]:
    for node in ast.walk(function):
        match node:
            case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
                yield node, ast.unparse(right)
                yield node, ast.unparse(left)
