"""Access checks in the source, each with the source without it."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .shapes import holes

# Checks whose removal changes nothing, by file and a part of their name, with the reason.
EQUAL = {
    ("documents/models.py", "-> Party.objects.accessible_to(user, Access.DOCUMENTS).filter(pub"): (
        "recipients are parties of the publication's own dossier; the planner starts from those"
    ),
    ("reading/models.py", "ShownQuerySet.new_to Membership.objects.of(user) ->"): (
        "a later membership makes it look at more rows, each of which it then filters by readings"
    ),
    ("reading/models.py", "ShownQuerySet.new_to self.filter(may_be_new) ->"): (
        "readings decide; this only spares a look at those of what all logins have opened"
    ),
    ("reading/models.py", "-> self.filter(~Exists(has_not_opened)) "): (
        "marks again what all logins have opened"
    ),
    ("office/clients/views.py", " clients Client.objects.visible_to("): (
        "without the right to manage clients the view is refused before; with it, all are visible"
    ),
    ("office/messages/views.py", " draft Message.objects.visible_to("): (
        "the dossier is one that the reader sees, and staff see all messages of such a dossier"
    ),
    ("office/messages/views.py", " _page_of_thread Message.objects.visible_to("): (
        "a conversation is of one dossier, and the reader sees the message that it is taken from"
    ),
}


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
    found = {(*_span(source, node), instead): node for node, instead in holes(tree)}
    for (start, end, instead), node in found.items():
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


def _is_equal(check: Check) -> bool:
    return any(path in check.name and part in check.name for path, part in EQUAL)


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
