"""English of docstrings and comments, length of lines, and tests of `tools/legible.py`."""

from __future__ import annotations

import pytest
from tools.legible import (
    ROOT,
    Prose,
    long_lines,
    objection_to,
    prose_of,
    python_files,
    relative_per_thousand,
    script_prose_of,
    template_files,
    uses_of_any,
)

FOLDERS = ("src", "tests", "tools")
RELATIVE_MAX = 4  # what, who, whose and whoever in 1,000 words; native English has about one


def test_docstrings_and_comments_follow_the_style_page():
    python = [prose for path in python_files(ROOT, *FOLDERS) for prose in prose_of(path)]
    frontend = [path for kind in ("js", "css") for path in (ROOT / "frontend").rglob(f"*.{kind}")]
    scripts = [prose for path in frontend for prose in script_prose_of(path)]
    objections = [
        f"{prose.path.relative_to(ROOT)}:{prose.line} {objection}"
        for prose in [*python, *scripts]
        if (objection := objection_to(prose))
    ]
    assert objections == []


@pytest.mark.parametrize("folders", [("src",), ("tests", "tools")])
def test_docstrings_and_comments_name_things(folders):
    assert relative_per_thousand(python_files(ROOT, *folders)) < RELATIVE_MAX


def test_lines_fit():
    styles = sorted((ROOT / "frontend").rglob("*.css"))
    assert long_lines([*python_files(ROOT, *FOLDERS), *template_files(ROOT), *styles]) == []


def test_faces_hardly_use_any():
    assert len(uses_of_any(python_files(ROOT, "src/portaal/faces", "src/portaal/web"))) <= 10


@pytest.mark.parametrize(
    ("text", "objection"),
    [
        ("Return the dossier's progress.", ""),
        ("What stands here.", "starts with a relative or question word"),
        ("Who may do it.", "starts with a relative or question word"),
        ("However long it takes.", ""),
        ("x" * 89, "has a first line over 88 characters"),
        ("Store a form's text (B5 53).", "cites a code that is not in the repository"),
        ("Send once (E4).", "cites a code that is not in the repository"),
        ("Limit the number of files (R53).", ""),
    ],
)
def test_docstring_is_judged_by_style_page(tmp_path, text, objection):
    assert objection_to(Prose(tmp_path, 1, text, is_docstring=True)) == objection


def test_linter_directive_is_not_judged_as_comment(tmp_path):
    directive = Prose(tmp_path, 1, "noqa: S603 - What follows is ours", is_docstring=False)
    assert objection_to(directive) == ""


def test_comment_lines_in_a_row_are_one_comment(tmp_path):
    path = tmp_path / "module.py"
    path.write_text('"""Title."""\n\n# One.\n# Two.\nx = 1  # Three.\n')
    assert [prose.text for prose in prose_of(path)] == ["Title.", "One.\nTwo.", "Three."]


def test_comments_of_a_script_are_read(tmp_path):
    path = tmp_path / "script.js"
    path.write_text("/** One. */\nconst a = 1; // Two.\nconst u = 'https://example.nl';\n")
    assert [prose.text for prose in script_prose_of(path)] == ["One.", "Two."]


def test_address_does_not_make_a_line_too_long(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(f"<p>{'x' * 100}</p>\n<a href='https://example.nl/{'x' * 100}'>\n")
    assert long_lines([path]) == [f"{path}:1"]
