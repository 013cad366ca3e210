"""Dependencies are pinned, without naming a registry."""

from __future__ import annotations

import json
import re

import pytest
from tests.house.source import ROOT


@pytest.mark.parametrize("name", ["requirements", "requirements-s3", "requirements-dev"])
def test_each_python_package_has_a_version_and_a_hash(name):
    pins = re.split(r"\n(?=\S)", (ROOT / f"{name}.txt").read_text().strip())
    assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize("name", ["requirements", "requirements-s3", "requirements-dev"])
def test_each_required_package_is_pinned(name):
    asked = re.findall(r"^([A-Za-z0-9][A-Za-z0-9_-]*)", (ROOT / f"{name}.in").read_text(), re.M)
    pinned = {
        pin.lower()
        for pin in re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / f"{name}.txt").read_text(), re.M)
    }
    pinned |= set(re.findall(r"^([a-z0-9._-]+)\[", (ROOT / f"{name}.txt").read_text(), re.M))
    assert [package for package in asked if package.lower() not in pinned] == []


def test_all_lists_pin_the_same_versions():
    def versions(name: str) -> dict[str, str]:
        return dict(
            re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", (ROOT / name).read_text(), re.M)
        )

    tools = versions("requirements-dev.txt")
    for name in ("requirements.txt", "requirements-s3.txt"):
        assert {package: tools.get(package) for package in versions(name)} == versions(name)


def test_browser_packages_have_exact_versions_and_no_addresses():
    wanted = json.loads((ROOT / "package.json").read_text())
    versions = {**wanted.get("dependencies", {}), **wanted.get("devDependencies", {})}
    assert [
        name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)
    ] == []
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, facts in locked.items() if "resolved" in facts] == []
    assert [name for name, facts in locked.items() if name and "integrity" not in facts] == []


def test_no_list_names_a_registry():
    python = [
        f"requirements{which}.{end}" for which in ("", "-s3", "-dev") for end in ("in", "txt")
    ]
    lists = [*python, "tools/rclone.txt", "package.json", "Makefile"]
    assert [
        name
        for name in lists
        if re.search(r"https?://(?!localhost)|(?<!emit-)index-url", (ROOT / name).read_text())
    ] == []
