"""Every setting is described, and every described setting exists."""

from __future__ import annotations

import ast
import re

from tests.house.source import ROOT, SOURCE, calls, modules, place, tree

READERS = {"text", "number", "choice", "yes", "words", "bucket", "scanner"}
PAGE = ROOT / "docs" / "operations" / "settings.md"


def read() -> set[str]:
    return {
        call.args[0].value
        for name, call in calls(tree(SOURCE / "settings.py"))
        if name in READERS and call.args and isinstance(call.args[0], ast.Constant)
    }


def test_each_setting_is_described():
    described = set(re.findall(r"^### `([A-Z_]+)`", PAGE.read_text(), re.M))
    assert described == read()


def test_only_settings_reads_the_environment():
    elsewhere = [
        place(path, node)
        for path in modules()
        if place(path) not in ("settings.py", "__main__.py", "wsgi.py", "asgi.py")
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv"))
    ]
    assert [spot for spot in elsewhere if spot.partition(":")[0] not in HANDS_ON] == []


# Passes the environment to a child process.
HANDS_ON = {"web/management/commands/serve.py"}
