"""Tests of `make walls` on a small package with a guarded and an unguarded check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house.source import ROOT
from tools.walls.checks import checks_of
from tools.walls.portions import portions
from tools.walls.reach import Reach
from tools.walls.shapes import PUBLIC

from portaal.faces.shared.access import public

VERBS = """
def guarded(by):
    _only(by == "handler")
    return "done"


def unguarded(by):
    _only(by == "handler")
    return "done"


def unreached(by):
    _only(by == "handler")


def _only(allowed):
    if not allowed:
        raise PermissionError
"""
TESTS = """
import pytest
from portaal.things import guarded, unguarded


def test_client_is_refused():
    with pytest.raises(PermissionError):
        guarded(by="client")


def test_handler_is_served():
    assert guarded(by="handler") == "done"
    assert unguarded(by="handler") == "done"
"""
VIEWS = """
def staff(view):
    return view


@staff
def view():
    return "done"
"""
TESTS_OF_VIEWS = """
def test_view():
    from portaal.views import view
    assert view() == "done"
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    write(tmp_path / "src/portaal/__init__.py", "")
    write(tmp_path / "src/portaal/things.py", VERBS)
    write(tmp_path / "tests/domain/test_things.py", TESTS)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def walls(package: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.walls", "--jobs", "1", *words],
        cwd=package,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def results(package: Path) -> dict[str, dict[str, object]]:
    data = json.loads((package / "var/walls.json").read_text())
    return {row["place"]: row for row in data["checks"].values()}


def test_check_that_no_test_fails_without_is_unseen(package):
    done = walls(package)
    rows = results(package)
    assert done.stdout.splitlines()[-1] == "walls: 3 checks taken away (3 in this run), 2 unseen"
    assert done.returncode == 1
    guarded, unguarded, unreached = (rows[f"src/portaal/things.py:{line}"] for line in (3, 8, 13))
    assert guarded["test"] == "tests/domain/test_things.py::test_client_is_refused"
    assert unguarded["why"] == "every test passed"
    assert unreached["why"] == "no test reaches it"


def test_second_run_tries_only_what_changed(package):
    walls(package, "things.py:3")
    again = walls(package, "things.py:3")
    assert again.stdout == "walls: 1 checks taken away (0 in this run), 0 unseen\n"
    assert again.returncode == 0
    write(package / "tests/domain/test_things.py", TESTS.replace('"client"', '"stranger"'))
    assert "(1 in this run)" in walls(package, "things.py:3").stdout
    assert "(1 in this run)" in walls(package, "things.py:3", "--fresh").stdout


def test_changed_file_is_tried_without_recording_all_tests_again(package):
    walls(package, "things.py:3")
    write(package / "src/portaal/things.py", VERBS + "\n\nCHANGED = True\n")
    again = walls(package, "things.py:3")
    assert "(1 in this run), 0 unseen" in again.stdout
    assert "record the tests" not in again.stdout


def test_added_test_sees_what_was_unseen(package):
    assert "1 unseen" in walls(package, "things.py:8").stdout
    write(
        package / "tests/domain/test_more.py",
        TESTS.replace('guarded(by="client")', 'unguarded(by="client")'),
    )
    assert "0 unseen" in walls(package, "things.py:8").stdout


def test_test_that_fails_with_every_check_is_reported(package):
    write(package / "tests/domain/test_other.py", "def test_other():\n    assert False\n")
    done = walls(package, "things.py:3")
    assert "fails with every check in place: tests/domain/test_other.py::test_other" in done.stdout
    assert done.returncode == 1


def test_refused_test_runs_before_one_that_was_let_in():
    (check,) = [
        check
        for check in checks_of(ROOT)
        if check.view == "details" and "faces/client" in check.place
    ]
    reach = Reach(
        {
            "tree": "",
            "tests": {check.name: {"quick": False, "refused": True, "slow": False}},
            "seconds": {"quick": 0.1, "refused": 3.0, "slow": 2.0},
            "failing": [],
        }
    )
    assert reach.order(check, {}) == ["refused", "quick", "slow"]
    assert reach.order(check, {"slow": 30}) == ["refused", "slow", "quick"]


def test_portion_holds_tests_of_one_module_together():
    order = ["a::1", "b::1", "a::2", *(f"c::{number}" for number in range(9))]
    first, second, *rest = portions(order)
    assert first[:4] == ["a::1", "a::2", "b::1", "c::0"]
    assert second == ["c::5", "c::6", "c::7", "c::8"]
    assert [test for portion in rest for test in portion] == []


@pytest.mark.parametrize(
    "place",
    ["domain/dossiers/models.py", "domain/messaging/permissions.py", "faces/office/messages/"],
)
def test_checks_are_found_in_each_kind_of_file(place):
    assert [check for check in checks_of(ROOT) if place in check.place]


@pytest.mark.parametrize(
    ("source", "without"),
    [
        ("@staff\ndef page(request): ...", f"@{PUBLIC}\ndef page(request): ..."),
        ("@logged_in\ndef page(request): ...", f"@{PUBLIC}\ndef page(request): ..."),
        ("@same_site\ndef page(request): ...", "@(lambda view: view)\ndef page(request): ..."),
        ("def one(by):\n    _only(may_open(by))", "def one(by):\n    pass"),
        ("def one(by):\n    if by.x:\n        raise Http404", "if False:"),
        ("def one(by):\n    if a:\n        raise NotClean(a)", "if False:"),
        ("def one(by, a):\n    return a.visible_to(by).first()", "return a.all().first()"),
        ("def one(by):\n    return [a for a in b if may_open(a)]", "for a in b if True]"),
        ("def one(by):\n    if may_open(by) and by.x:\n        return 1", "if True and by.x:"),
        (
            "def one(by):\n    return Party.objects.accessible_to(by, Access.READ)",
            "return Party.objects.accessible_to(by, Access.DOCUMENTS)",
        ),
        ("def visible_to(self, by):\n    return self.filter(owner=by)", "return self.all()"),
        ("def live(self):\n    return self.filter(a=1, b=2)", "return self.filter(a=1)"),
        ("def find(user, key):\n    return Draft.objects.get(user=user, a=key)", "get(a=key)"),
        ("def may_open(self, user):\n    return may_read(user, self.row)", "return True"),
        ("def may_open(by):\n    return by.x and by.y", "return (by.y)"),
        ("def one(by):\n    _only(by.x and by.y)", "_only((by.x))"),
        ("def one(by):\n    if by.x or by.y:\n        raise Http404", "if (by.y):"),
        ("def is_unread_by(by):\n    return Q(a=1) & Q(b=1)", "return Q(a=1)"),
    ],
)
def test_check_is_found_by_its_shape(tmp_path, source, without):
    write(tmp_path / "src/portaal/things.py", f"{source}\n")
    assert any(without in check.without for check in checks_of(tmp_path))


@pytest.mark.parametrize(
    "source",
    [
        "def one(by):\n    return Preference.of(by)",
        "def one(by):\n    return mails.visible_to(by)",
        "@classmethod\ndef of(cls, row):\n    return cls(row.a if row else 0)",
        "def one(row):\n    return Event.objects.filter(user=row.user)",
    ],
)
def test_other_shapes_are_no_checks(tmp_path, source):
    write(tmp_path / "src/portaal/things.py", f"{source}\n")
    assert checks_of(tmp_path) == []


def test_mark_of_a_view_is_replaced_without_an_import():
    assert eval(PUBLIC) is public  # noqa: S307 - text of our own


def test_check_without_which_the_source_cannot_run_is_unseen(package):
    write(package / "src/portaal/views.py", VIEWS)
    write(package / "tests/domain/test_views.py", TESTS_OF_VIEWS)
    walls(package, "views.py")
    (row,) = results(package).values()
    assert row["why"] == "ModuleNotFoundError: No module named 'portaal.faces'"
    assert row["seen"] is False


def test_each_return_of_a_permission_is_a_check(tmp_path):
    source = "def may_open(by):\n    if by.x:\n        return by.y\n    return False\n"
    write(tmp_path / "src/portaal/permissions.py", source)
    assert [check.text for check in checks_of(tmp_path)] == ["return False", "return by.y"]
