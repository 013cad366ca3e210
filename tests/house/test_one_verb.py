"""One POST calls one verb: the most that a view calls on any of its paths is counted."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from tests.house.source import SOURCE, functions, modules, name_of, place, tree

MANY = 2  # a verb in a loop

# Functions of a verbs.py that a view may call besides its one verb.
NOT_COUNTED = {
    "store_file": "keeps a posted file for the next try, while the rest of the form has errors",
}


def test_view_calls_at_most_one_verb():
    many = [
        f"{place(path, view)} {view.name}"
        for path in modules("faces", "web")
        for view in functions(path).values()
        if _accepts_post(view) and verbs_called(path, view) > 1
    ]
    assert many == []


def test_listed_functions_are_called_by_views():
    names = {name_of(node) for path in modules("faces", "web") for node in ast.walk(tree(path))}
    assert [name for name in NOT_COUNTED if name not in names] == []


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("verbs.block(user)\nverbs.unblock(user)", 2),
        ("if wanted:\n verbs.block(user)\nelse:\n verbs.unblock(user)", 1),
        ("if wanted:\n verbs.block(user)\nverbs.unblock(user)", 2),
        ("if wanted:\n verbs.block(user)\n return\nverbs.unblock(user)", 1),
        ("try:\n verbs.block(user)\nexcept ValueError:\n pass\nelse:\n verbs.unblock(user)", 2),
        ("for user in users:\n verbs.block(user)", 2),
        ("act = verbs.block if wanted else verbs.unblock\nact(user)", 1),
        ("verbs.invite(verbs.add_login(client))", 2),
        ("helper()\nhelper()", 2),
        ("if request.method != 'POST' and new:\n verbs.block(user)\nverbs.unblock(user)", 1),
        ("with lock:\n helper()", 1),
        ("return [verbs.block(user) for user in users]", 2),
    ],
)
def test_count_follows_every_path_of_a_view(tmp_path: Path, body: str, number: int):
    lines = "\n".join(f" {line}" for line in body.splitlines())
    path = tmp_path / "view.py"
    path.write_text(
        "from portaal.domain.identity import verbs\n"
        f"def view():\n{lines}\n"
        "def helper():\n verbs.block(user)\n"
    )
    assert verbs_called(path, functions(path)["view"]) == number


def _accepts_post(view: ast.FunctionDef) -> bool:
    """Tell if a function is a view that is not for GET alone."""
    marks = {name_of(getattr(mark, "func", mark)) for mark in view.decorator_list}
    return bool(marks & {"staff", "client", "logged_in", "public"}) and not marks & {
        "require_safe",
        "require_GET",
    }


def _excludes_post(test: ast.expr) -> bool:
    """Tell if a condition contains `request.method != "POST"` as something that must be so."""
    parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    return "request.method != 'POST'" in map(ast.unparse, parts)


def verbs_called(path: Path, function: ast.FunctionDef) -> int:
    """Return the most verbs that one run of a function can call, helpers included."""
    return _Paths(path, ()).of_function(function)


class _Paths:
    """Counts along the paths of functions of one module; `callers` are not entered again."""

    def __init__(self, path: Path, callers: tuple[ast.FunctionDef, ...]) -> None:
        self.path, self.callers = path, callers

    def of_function(self, function: ast.FunctionDef) -> int:
        if function in self.callers:
            return 0
        inner = _Paths(self.path, (*self.callers, function))
        return max(inner.of_block(function.body))

    def of_block(self, statements: Iterable[ast.stmt]) -> tuple[int, int]:
        """Return the most verbs of a path that goes on after the block, and of one that ends."""
        going, ended = 0, 0
        for statement in statements:
            on, off = self.of_statement(statement)
            ended = max(ended, going + off)
            going += on
            if isinstance(statement, ast.Return | ast.Raise | ast.Continue | ast.Break):
                return NEVER, max(ended, going)
        return going, ended

    def of_statement(self, statement: ast.stmt) -> tuple[int, int]:
        own = sum(
            self.of_expression(node)
            for node in ast.iter_child_nodes(statement)
            if isinstance(node, ast.expr | ast.withitem)
        )
        if isinstance(statement, ast.If) and _excludes_post(statement.test):
            return own + self.of_block(statement.orelse)[0], 0
        if isinstance(statement, ast.If):
            branches = [self.of_block(statement.body), self.of_block(statement.orelse)]
            return own + max(on for on, _ in branches), own + max(off for _, off in branches)
        if isinstance(statement, ast.For | ast.While):
            on, off = self.of_block(statement.body)
            most = MANY if max(on, off) > 0 else 0
            return own + most, own + most
        if isinstance(statement, ast.With):
            on, off = self.of_block(statement.body)
            return own + on, own + off
        if isinstance(statement, ast.Try):
            return self.of_try(statement)
        return own, 0

    def of_try(self, statement: ast.Try) -> tuple[int, int]:
        """Return the counts; what failed was rolled back, so a handler adds to nothing."""
        body = self.of_block([*statement.body, *statement.orelse])
        ways = [body, *(self.of_block(handler.body) for handler in statement.handlers)]
        last = self.of_block(statement.finalbody)[0]
        return max(on for on, _ in ways) + last, max(off for _, off in ways) + last

    def of_expression(self, node: ast.AST) -> int:
        if isinstance(node, ast.IfExp):
            ways = self.of_expression(node.body), self.of_expression(node.orelse)
            return self.of_expression(node.test) + max(ways)
        if isinstance(node, ast.Lambda):
            return 0
        inner = sum(self.of_expression(child) for child in ast.iter_child_nodes(node))
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            return MANY if inner else 0
        if isinstance(node, ast.Attribute | ast.Name) and _is_verb(self.path, node):
            return inner + 1
        if isinstance(node, ast.Call):
            return inner + self.of_helper(node)
        return inner

    def of_helper(self, call: ast.Call) -> int:
        """Return the most verbs of the function, the method or the class that is called."""
        return max(
            (
                _Paths(path, self.callers).of_function(function)
                for path, function in _helpers(self.path, call.func)
            ),
            default=0,
        )


NEVER = -1000  # no path goes on here


def _is_verb(path: Path, node: ast.Attribute | ast.Name) -> bool:
    """Tell if a name is a function of a verbs.py: `verbs.block`, or `block` imported from one."""
    names = imports(path)
    if isinstance(node, ast.Attribute):
        owner = names.get(name_of(node.value), "") if isinstance(node.value, ast.Name) else ""
        return owner.endswith(".verbs") and node.attr not in NOT_COUNTED
    return ".verbs." in names.get(node.id, "") and node.id not in NOT_COUNTED


def _helpers(path: Path, called: ast.expr) -> list[tuple[Path, ast.FunctionDef]]:
    """Return the functions that a call may mean, in this module or in one of faces and web."""
    names, name = imports(path), name_of(called)
    if isinstance(called, ast.Name):
        if name in names:
            return _found(names[name])
        return [(path, function) for function in _named(path, name)]
    owner = getattr(called, "value", None)
    if isinstance(owner, ast.Name) and owner.id in names:
        return _found(f"{names[owner.id]}.{name}")
    places = {path, *filter(None, map(_file, names.values()))}
    return [(each, method) for each in places for method in _methods(each, name)]


def _found(target: str) -> list[tuple[Path, ast.FunctionDef]]:
    module, _, name = target.rpartition(".")
    path = _file(module)
    return [(path, function) for function in _named(path, name)] if path else []


def _named(path: Path, name: str) -> list[ast.FunctionDef]:
    """Return the function of this name, or what makes an object of the class of this name."""
    top = [node for node in tree(path).body if getattr(node, "name", "") == name]
    made = [
        method
        for node in top
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name == "__init__"
    ]
    return [node for node in top if isinstance(node, ast.FunctionDef)] + made


def _methods(path: Path, name: str) -> list[ast.FunctionDef]:
    return [
        method
        for node in tree(path).body
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name == name
    ]


@cache
def imports(path: Path) -> dict[str, str]:
    """Return what each imported name of a module stands for."""
    inside = path.is_relative_to(SOURCE)
    package = ["portaal", *path.relative_to(SOURCE).parts[:-1]] if inside else []
    names = {}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            names |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in node.names}
    return names


@cache
def _file(module: str) -> Path | None:
    """Return the file of a module of faces or web; None for others."""
    parts = module.split(".")
    if parts[:2] not in (["portaal", "faces"], ["portaal", "web"]):
        return None
    path = SOURCE.joinpath(*parts[1:])
    return next(
        (each for each in (path.with_suffix(".py"), path / "__init__.py") if each.exists()), None
    )
