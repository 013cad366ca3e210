"""Verbs: each takes the actor as `by`, and records an event."""

from __future__ import annotations

from tests.house.source import functions, modules, place, reaches, tree

VERBS = [path for path in modules("domain") if path.name == "verbs.py"]

# Functions in a verbs.py that are not acts of a person.
FRAME = {
    "domain/files/verbs.py": {
        "claim": "a part of the verb that uses the file",
    },
}


def public():
    for path in VERBS:
        top = set(tree(path).body)
        for name, function in functions(path).items():
            if function in top and not name.startswith("_"):
                yield path, name, function


def test_verb_takes_by_as_a_keyword():
    silent = [
        place(path, function)
        for path, name, function in public()
        if "by" not in {argument.arg for argument in function.args.kwonlyargs}
        and name not in FRAME.get(place(path), {})
    ]
    assert silent == []


def test_verb_records_an_event():
    forgetful = [
        place(path, function)
        for path, name, function in public()
        if not reaches(function, "record", functions(path))
        and name not in FRAME.get(place(path), {})
    ]
    assert forgetful == []


def test_function_that_records_is_a_verb():
    """A function that calls `record` carries @verb, which makes one transaction of it."""
    loose = [
        place(path, function)
        for path in VERBS
        for name, function in functions(path).items()
        if reaches(function, "record", {})
        and not any(getattr(mark, "id", "") == "verb" for mark in function.decorator_list)
        and name not in FRAME.get(place(path), {})
    ]
    assert loose == []


def test_listed_exceptions_still_exist():
    gone = [
        (file, name)
        for file, names in FRAME.items()
        for name in names
        if name not in functions(_file(file))
    ]
    assert gone == []


def _file(name: str):
    return next(path for path in VERBS if place(path) == name)
