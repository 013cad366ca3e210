"""Command `make walls`: remove each access check in turn and expect a failing test.

It works in a copy. A check is recognised by its shape: the decorator of a view, a `visible_to` and
similar querysets, a condition inside one of those, an `_only(...)`, an
`if ...: raise PermissionDenied`, a `may_...` function. It ends with one line, and with status 1 if
a removal goes unnoticed.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SEEING = {
    "visible_to",
    "open_to",
    "conversing",
    "reached_by_messages",
    "writing",
    "new_to",
    "unread_by",
    "pending_for",
}
SEEING |= {"unclaimed_by", "uploaded_by", "of", "live", "active", "provided"}
CONDITIONS = {"looks_in", "converses"}  # conditions on a row, all of which must hold
# Removing these changes nothing: the caller sees every row.
EQUAL = {
    ("faces/office", "Client.objects.visible_to"): "staff see every client",
    (
        "web/tus",
        "Dossier.objects.visible_to",
    ): "asked just before may_write, which lets nobody in who does not see it",
}
REFUSALS = {"PermissionDenied", "Http404"}
TESTS = ["tests/faces", "tests/domain"]


class Check(NamedTuple):
    """A check in the source, and the source without it."""

    path: Path
    line: int
    what: str
    without: str


def main(words: list[str]) -> int:
    checks = [
        check
        for check in _checks()
        if not words or any(word in f"{check.path}:{check.line}" for word in words)
    ]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(
            ROOT,
            copy,
            ignore=shutil.ignore_patterns(
                ".git", ".venv", "node_modules", "var", ".stamps", ".*_cache"
            ),
        )
        if not _is_green(copy):
            print("the tests fail with every check in place: mend that first")
            return 1
        unseen = [
            check
            for number, check in enumerate(checks, 1)
            if _stands_without(check, copy, f"{number}/{len(checks)}")
        ]
    print(f"walls: {len(checks)} checks taken away, {len(unseen)} unseen")
    return 1 if unseen or not checks else 0


def _stands_without(check: Check, copy: Path, number: str) -> bool:
    place = copy / check.path
    whole = place.read_text(encoding="utf-8")
    place.write_text(check.without, encoding="utf-8")
    unseen = _is_green(copy)
    place.write_text(whole, encoding="utf-8")
    print(
        f"  {number} {'UNSEEN' if unseen else 'seen  '} {check.path}:{check.line} {check.what}",
        flush=True,
    )
    return unseen


def _is_green(copy: Path) -> bool:
    pytest = [
        str(ROOT / ".venv/bin/pytest"),
        "-x",
        "-q",
        "-n",
        "auto",
        "-m",
        "not browser and not slow",
        *TESTS,
    ]
    return (
        subprocess.run(
            pytest, cwd=copy, env=os.environ, capture_output=True, check=False
        ).returncode
        == 0
    )


def _checks() -> Iterator[Check]:
    for path in sorted((ROOT / "src/portaal").rglob("*.py")):
        if not {"migrations", "demo", "mailbox"} & set(path.parts):
            yield from _checks_of(path)


def _checks_of(path: Path) -> Iterator[Check]:
    source = path.read_text(encoding="utf-8")
    for node, instead in _holes(ast.parse(source), path):
        start, end = _span(source, node)
        what = " ".join(source[start:end].split())[:90]
        yield Check(
            path.relative_to(ROOT), node.lineno, what, source[:start] + instead + source[end:]
        )


def _holes(tree: ast.Module, path: Path) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Yield each node that checks, and its replacement."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Name) and mark.id in ("client", "staff"):
                        yield mark, "public"
                if name.startswith("may_") and path.name in ("rules.py", "permissions.py"):
                    yield node.body[-1], "return True"
                if name in SEEING:
                    yield from _narrowings(node)
                if name in CONDITIONS:
                    yield from _parts(node)
            case ast.Call(func=ast.Attribute(value=whose, attr=attr)) if (
                attr in SEEING and not _is_open(node, path)
            ):
                yield node, f"{ast.unparse(whose)}.all()"
            case ast.Expr(value=ast.Call(func=ast.Name(id="_only"))):
                yield node, "pass"
            case ast.If(test=test, body=[ast.Raise(exc=ast.Name(id=refusal))]) if (
                refusal in REFUSALS
            ):
                yield test, "False"
            case ast.UnaryOp(op=ast.Not(), operand=ast.Attribute(attr="is_authenticated")):
                yield node, "False"


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


def _is_open(call: ast.Call, path: Path) -> bool:
    """Tell a call that is no check: `Preference.of(user)`, or one listed in EQUAL."""
    name = ast.unparse(call.func)
    return (name.count(".") == 1 and name[0].isupper()) or any(
        where in str(path) and name == what for where, what in EQUAL
    )


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
