"""Access checks in the source, found by their shape.

A check is the decorator of a view, a `visible_to` or a similar queryset, a condition inside one of
those, a level of `Access`, an `_only(...)`, an `if ...: raise PermissionDenied`, the condition
`may_...`, or a `may_...` function.
"""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SEEING = {
    "visible_to",
    "accessible_to",
    "with_access",
    "new_to",
    "unread_by",
    "pending_for",
}
SEEING |= {"unclaimed_by", "uploaded_by", "of", "live", "active", "provided"}
CONDITIONS = {"accessible_to", "_membership_reaches"}  # conditions on a row, all of which must hold
# Checks whose removal changes nothing, by file and text, with the reason.
EQUAL = {
    ("dossiers/models.py", "Membership.objects.of("): (
        "only spares a lookup of rows that every login has opened"
    ),
}
MARKS = ("client", "staff", "logged_in")  # decorators of views
PERMISSIONS = ("may_", "permissions.may_")
LEVELS = ("NONE", "DOCUMENTS", "READ", "WRITE")  # of Access, in order
REFUSALS = {"PermissionDenied", "Http404", "NotClean"}


@dataclass(frozen=True)
class Check:
    """A check in the source, and the source without it.

    `name` stays the same when other parts of the file change. `view` is set for a decorator.
    """

    name: str
    path: Path
    line: int
    last_line: int
    text: str
    without: str
    view: str = ""

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"

    @cached_property
    def key(self) -> str:
        """Return a digest of the file without this check."""
        return hashlib.sha256(f"{self.path}\0{self.without}".encode()).hexdigest()[:16]


def checks_of(root: Path) -> list[Check]:
    """Return all checks under `root`/src/portaal, in the order of their files."""
    paths = sorted((root / "src/portaal").rglob("*.py"))
    return [
        check
        for path in paths
        if not {"migrations", "demo", "mailbox"} & set(path.relative_to(root).parts)
        for check in _checks_in(path, root)
        if not _is_equal(check)
    ]


def _checks_in(path: Path, root: Path) -> Iterator[Check]:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    views = {
        decorator: node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
    }
    names: Counter[str] = Counter()
    for node, instead in _holes(tree, path):
        start, end = _span(source, node)
        text = " ".join(source[start:end].split())
        name = f"{path.relative_to(root)} {_function_around(tree, node)} {text} -> {instead}"
        names[name] += 1
        yield Check(
            name=f"{name} {names[name]}",
            path=path.relative_to(root),
            line=node.lineno,
            last_line=node.end_lineno or node.lineno,
            text=text[:90],
            without=source[:start] + instead + source[end:],
            view=views.get(node, "") if isinstance(node, ast.expr) else "",
        )


def _function_around(tree: ast.Module, node: ast.AST) -> str:
    around = [
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.ClassDef | ast.FunctionDef)
        and any(each is node for each in ast.walk(function))
    ]
    return ".".join(around)


def _holes(tree: ast.Module, path: Path) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Yield each node that checks, and its replacement."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Name) and mark.id in MARKS:
                        yield mark, "public"
                if name.startswith("may_") and path.name == "permissions.py":
                    yield from _allowing(node)
                if name in SEEING:
                    yield from _narrowings(node)
                if name in CONDITIONS:
                    yield from _parts(node)
            case ast.Call(func=ast.Attribute(value=whose, attr=attr)) if (
                attr in SEEING and not _is_class_method(node)
            ):
                yield node, f"{ast.unparse(whose)}.all()"
                yield from _lower_levels(node)
            case ast.Expr(value=ast.Call(func=ast.Name(id="_only"))):
                yield node, "pass"
            case ast.If(test=test, body=[ast.Raise(exc=raised)]) if (
                raised and ast.unparse(raised).partition("(")[0] in REFUSALS
            ):
                yield test, "False"
            case ast.If(test=test) | ast.comprehension(ifs=[test]):
                yield from _permissions(test)
            case ast.UnaryOp(op=ast.Not(), operand=ast.Attribute(attr="is_authenticated")):
                yield node, "False"


def _permissions(test: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    for call in ast.walk(test):
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith(PERMISSIONS):
            yield call, "True"


def _lower_levels(call: ast.Call) -> Iterator[tuple[ast.expr, str]]:
    for argument in call.args:
        match argument:
            case ast.Attribute(value=ast.Name(id="Access"), attr=level) if level in LEVELS[1:]:
                yield argument, f"Access.{LEVELS[LEVELS.index(level) - 1]}"


def _allowing(function: ast.FunctionDef) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return):
            yield node, "return True"


def _narrowings(function: ast.FunctionDef) -> Iterator[tuple[ast.expr, str]]:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=whose, attr="filter" | "exclude" | "none")):
                yield node, f"{ast.unparse(whose)}.all()"
            case ast.comprehension(ifs=[test]) | ast.IfExp(test=test):
                yield test, "True"


def _parts(function: ast.FunctionDef) -> Iterator[tuple[ast.expr, str]]:
    for node in ast.walk(function):
        match node:
            case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
                yield node, ast.unparse(right)
                yield node, ast.unparse(left)


def _is_class_method(call: ast.Call) -> bool:
    """Return True for a call that is no queryset, such as `Preference.of(user)`."""
    name = ast.unparse(call.func)
    return name.count(".") == 1 and name[0].isupper()


def _is_equal(check: Check) -> bool:
    return any(where in check.place and check.text.startswith(text) for where, text in EQUAL)


def _span(source: str, node: ast.expr | ast.stmt) -> tuple[int, int]:
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    whole = source.encode()
    assert node.end_lineno is not None and node.end_col_offset is not None
    start, end = (
        starts[node.lineno - 1] + node.col_offset,
        starts[node.end_lineno - 1] + node.end_col_offset,
    )
    return len(whole[:start].decode()), len(whole[:end].decode())
