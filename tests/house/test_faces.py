"""Faces: they look up through the reader, and write nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.urls import get_resolver
from tests.house.source import SOURCE, calls, functions, modules, name_of, place, reaches, tree
from tests.house.test_access import views

FACES = modules("faces", "ui")
# Rows that belong to a dossier or a client; a login or a label narrows nothing.
MODELS = {model.__name__ for model in apps.get_models()} - {"User", "Status", "DossierType"}

WRITES = {
    "save",
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "bulk_update",
    "delete",
}
WRITES |= {f"a{name}" for name in WRITES}

# Lookups that a face may use besides visible_to(request.user).
BEGINNINGS = {
    "of": "the reader's own memberships",
    "accessible_to": "the parties through which the reader sees",
    "new_to": "what the reader sees and has not opened",
    "pending_for": "what waits for the reader, in the dossiers that they handle",
    "unclaimed_by": "the reader's own files that wait",
    "uploaded_by": "the reader's own files",
    "known_by": "a password link: who has the token may see it",
    "none": "nothing",
}
# Modules that write, by the start of their path: no facts of a dossier.
WRITERS = {
    "faces/shared/sessions.py": "sessions",
    "faces/shared/compose/": "drafts, by functions of their room; bytes that have no row yet",
    "faces/shared/kept_forms.py": "unsent text, by functions of its room",
    "faces/shared/uploads/": "parts of uploads, by functions of their room; bytes without a row",
}
# Rows without private data, and names of something that the reader has seen.
OPEN = {
    ("Status", "faces"): "the office's labels",
    ("DossierType", "faces"): "the office's labels",
    (
        "Session",
        "faces/shared/sessions.py",
    ): "the browser's own, by its cookie",
    ("Office", "faces/shared/views.py"): "asks if the database answers",
    ("Logo", "faces/shared/views.py"): "everybody sees the office's logo",
    ("User", "faces/office/dossiers/forms.py"): "the handlers, whom a handler chooses from",
    (
        "Publication",
        "faces/office/dossiers/history.py",
    ): "names for the events of a dossier that was seen",
    (
        "Party",
        "faces/office/dossiers/history.py",
    ): "names for the events of a dossier that was seen",
    (
        "Message",
        "faces/office/dossiers/history.py",
    ): "names for the events of a dossier that was seen",
    (
        "Attachment",
        "faces/office/dossiers/history.py",
    ): "names for the events of a dossier that was seen",
    (
        "Step",
        "faces/client/dossiers/views.py",
    ): "prepared queries, by ids of dossiers that were seen",
    (
        "Message",
        "faces/client/home/views.py",
    ): "a prepared query, by ids of messages that were seen",
}


def test_faces_look_up_through_the_reader():
    blind = [
        place(path, rows)
        for path in FACES
        for rows, rest in chains(tree(path))
        if not (set(rest) & {"visible_to", *BEGINNINGS} or _is_narrowed(path, rows, rest))
        and not any(
            name_of(rows.value) == model and place(path).startswith(where) for model, where in OPEN
        )
    ]
    assert blind == []


def test_faces_fetch_an_object_from_visible_rows():
    """Our own `get_or_404` takes rows of `visible_to` only; the type check refuses all others.

    The same holds for the `get_or_404` of a prepared query.
    """
    fetching = [
        place(path, call)
        for path in FACES
        for name, call in calls(tree(path))
        if name in ("get_object_or_404", "get_list_or_404")
        and (name_of(call.args[0]), place(path)) not in OPEN
    ]
    assert fetching == []


def chains(module: ast.Module) -> Iterator[tuple[ast.Attribute, dict[str, ast.Call | None]]]:
    """Yield every `Model.objects` with the names of the methods called on it."""
    parents = {child: node for node in ast.walk(module) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in (
            "objects",
            "_default_manager",
            "_base_manager",
        ):
            rest: dict[str, ast.Call | None] = {}
            step: ast.AST = node
            while isinstance(parents[step], ast.Attribute) or (
                isinstance(parents[step], ast.Call) and parents[step].func is step
            ):
                step = parents[step]
                if isinstance(step, ast.Call):
                    rest[name_of(step.func)] = step
            yield node, rest


def _is_narrowed(path: Path, rows: ast.AST, rest: dict[str, ast.Call | None]) -> bool:
    """Tell if rows are filtered by an object that was fetched with access."""
    functions = [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and rows in ast.walk(node)
    ]
    conditions = rest["filter"].keywords if rest.get("filter") else []
    names = {
        node.id
        for condition in conditions
        for node in ast.walk(condition.value)
        if isinstance(node, ast.Name)
    }
    return any(_is_fetched(name, function) for name in names for function in functions)


def _is_fetched(name: str, function: ast.FunctionDef, known: frozenset[str] = frozenset()) -> bool:
    """Tell if a variable is assigned with access, or is a row received as a parameter."""
    annotations = [
        each.annotation
        for each in (*function.args.args, *function.args.kwonlyargs)
        if each.arg == name and each.annotation
    ]
    values = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        if any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    asking = {"visible_to", "get_or_404", *BEGINNINGS}
    return any(
        isinstance(node, ast.Name) and node.id in MODELS
        for annotation in annotations
        for node in ast.walk(annotation)
    ) or any(
        called in asking or _is_fetched(variable, function, known | {name})
        for value in values
        for called, variable in _mentions(value, known | {name})
    )


def _mentions(value: ast.expr, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield (name of a call, "") and ("", variable) of an expression, `known` ones excepted."""
    for called, _call in calls(value):
        yield called, ""
    for node in ast.walk(value):
        if isinstance(node, ast.Name) and node.id not in known:
            yield "", node.id


def test_view_with_an_object_checks_its_reader():
    """The view, or a helper that it calls, uses `visible_to` or a lookup listed above."""
    shared = {
        name: function
        for path in modules("faces", "web")
        for name, function in functions(path).items()
    }
    unasked = []
    for name, view, kwargs in views(get_resolver()):
        if kwargs and not name.startswith("mailbox:"):
            known = shared | functions(SOURCE.parent / f"{view.__module__.replace('.', '/')}.py")
            if not any(
                reaches(known[view.__name__], asks, known) for asks in ("visible_to", "known_by")
            ):
                unasked.append(name)
    assert [name for name in unasked if name not in FOR_ALL] == []


FOR_ALL = {
    "client:password_link": "the URL holds a token, which moves to the session; the next page asks",
    "logo": "everybody sees the office's logo",
}


def test_faces_write_nothing():
    writing = [
        place(path, call)
        for path in FACES
        if not place(path).startswith(tuple(WRITERS))
        for name, call in calls(tree(path))
        # dict.update takes a mapping, QuerySet.update keywords only
        if (name in WRITES and isinstance(call.func, ast.Attribute))
        or (name == "update" and call.keywords and not call.args)
    ]
    assert writing == []


def test_views_are_functions():
    classes = [
        place(path, node)
        for path in modules("faces")
        if "views" in path.parts or path.name == "views.py"
        for node in tree(path).body
        if isinstance(node, ast.ClassDef)
    ]
    assert classes == []
