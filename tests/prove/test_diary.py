"""The comparison behind `make prove` finds each kind of difference."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from tests.prove.diary import Diary, differences

PUBLISHED = {
    "title": "Stuk 1",
    "dossier": "d",
    "sha256": "aa",
    "stored_sha256": "aa",
    "parties": 1,
    "events": 1,
    "notices": 1,
}
OPENED = {"id": "d", "number": "P1", "status": 2, "parties": 1, "opened": 1, "statuses": [2]}
SENT = {
    "subject": "Bericht 1",
    "dossier": "d",
    "body": "ee",
    "from_office": True,
    "files": ["aa"],
    "events": 1,
    "notices": 1,
}
FACTS = {
    "messages": [SENT],
    "publications": [PUBLISHED],
    "dossiers": [OPENED],
    "steps": {"s": {"done": True, "events": [1, 0]}},
    "preferences": {"proef@example.nl": False},
    "files": {"u": {"sha256": "bb", "stored_sha256": "bb", "events": 1}},
    "uploads": {"v": 10},
    "database": [],
}


@pytest.fixture
def diary(tmp_path):
    """Return a diary that asked for all of FACTS, all acknowledged."""
    diary = Diary(tmp_path / "diary")
    for kind, facts in (
        ("open", {"dossier_number": "P1", "status": 1}),
        ("admit", {"dossier": "d"}),
        ("publish", {"title": "Stuk 1", "dossier": "d", "sha256": "aa"}),
        ("send", {name: SENT[name] for name in SENT if name != "events"}),
        ("refused", {"subject": "Leeg 1"}),
        ("upload", {"upload": "u", "sha256": "bb", "safe": 20, "size": 20}),
        ("status", {"dossier": "d", "status": 2}),
        ("step", {"step": "s", "done": True}),
        ("preference", {"email": "proef@example.nl", "messages": False}),
    ):
        diary.acknowledge(diary.intend(kind, **facts))
    diary.intend("upload", upload="v", sha256="cc", safe=10, size=20)
    return diary


def changed(change) -> dict[str, Any]:
    facts = deepcopy(FACTS)
    change(facts)
    return facts


def test_acknowledged_and_present_acts_make_no_difference(diary):
    assert differences(diary.snapshot(), FACTS) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts["publications"].clear(),
        lambda facts: facts["publications"].append(PUBLISHED),
        lambda facts: facts["publications"][0].update(stored_sha256="FileNotFoundError"),
        lambda facts: facts["publications"][0].update(events=0),
        lambda facts: facts["publications"][0].update(notices=2),
        lambda facts: facts["messages"].clear(),
        lambda facts: facts["messages"].append(SENT),
        lambda facts: facts["messages"].append({**SENT, "subject": "Leeg 1"}),
        lambda facts: facts["messages"][0].update(body="ff"),
        lambda facts: facts["messages"][0].update(files=[]),
        lambda facts: facts["messages"][0].update(files=["FileNotFoundError"]),
        lambda facts: facts["messages"][0].update(events=2),
        lambda facts: facts["messages"][0].update(notices=0),
        lambda facts: facts["dossiers"].clear(),
        lambda facts: facts["dossiers"][0].update(opened=2),
        lambda facts: facts["dossiers"][0].update(parties=0),
        lambda facts: facts["dossiers"][0].update(statuses=[]),
        lambda facts: facts["dossiers"][0].update(status=1),
        lambda facts: facts["files"].clear(),
        lambda facts: facts["files"]["u"].update(stored_sha256="dd"),
        lambda facts: facts["files"]["u"].update(events=2),
        lambda facts: facts["files"]["u"].update(sha256="dd", stored_sha256="dd"),
        lambda facts: facts["uploads"].update(v=9),
        lambda facts: facts["uploads"].clear(),
        lambda facts: facts["steps"]["s"].update(events=[0, 0]),
        lambda facts: facts["steps"]["s"].update(done=False),
        lambda facts: facts["preferences"].update({"proef@example.nl": True}),
        lambda facts: facts["database"].append("row 7 missing from index"),
    ],
)
def test_lost_doubled_or_half_act_is_reported(diary, change):
    assert len(differences(diary.snapshot(), changed(change))) == 1


def test_unacknowledged_act_may_be_present_or_absent(tmp_path):
    diary = Diary(tmp_path / "diary")
    diary.intend("publish", title="Stuk 1", dossier="d", sha256="aa")
    assert differences(diary.snapshot(), {**FACTS, "dossiers": []}) == []
    assert differences(diary.snapshot(), {**FACTS, "dossiers": [], "publications": []}) == []


def test_diary_is_flushed_line_by_line(diary, tmp_path):
    assert len((tmp_path / "diary").read_text().splitlines()) == 2 * len(diary.acts) - 1
