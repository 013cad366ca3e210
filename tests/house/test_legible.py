"""Tests of the figures that `tools/legible.py` prints."""

from __future__ import annotations

import pytest
from tools.legible import Prose, long_lines, objection_to, prose_of, script_prose_of


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
