"""Paths of two requests: how often their reader changes files (docs/structure.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as current
from tests.people import Cast
from tools.trace.scenarios import browser_of_client, trace

import portaal

LOG = 4  # the line in the log, which each request has since: access_log, network, access_log, log
# At most 60 % of the 54 and 88 changes of file that they once took, and the line in the log.
SWITCHES_MAX = {"send": 32 + LOG, "last-part": 52 + LOG}


@pytest.mark.either_database
@pytest.mark.skipif(current.PLAIN, reason="without prepared queries the path is another one")
@pytest.mark.parametrize("name", SWITCHES_MAX)
def test_path_changes_files_seldom(cast: Cast, settings: Any, name: str):
    settings.FREE_SPACE_MIN = 0
    browser, dossier = browser_of_client(cast), cast.dossiers["purchase"].pk
    path = trace(name, browser, dossier, Path(portaal.__file__).parent)
    assert path.switches <= SWITCHES_MAX[name], path.tree()
