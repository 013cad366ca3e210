"""Log of the acts that lanes asked for and the portal acknowledged.

Each line is flushed before and after an act. In the end the log is compared with the facts.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from threading import Lock
from typing import Any

Act = dict[str, Any]
MESSAGE = ["dossier", "body", "from_office", "files", "notices"]


class Diary:
    """Lines of JSON, each on disk before the writer goes on; many lanes may write at once."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("a", encoding="utf-8")
        self.acts: list[Act] = []
        self.lock = Lock()

    def intend(self, kind: str, **facts: Any) -> Act:
        """Record an act before it is requested; return it for `acknowledge`."""
        act = {"kind": kind, "acknowledged": False, "unanswered": 0, **facts}
        with self.lock:
            act["number"] = len(self.acts)
            self.acts.append(act)
            self._write(act)
        return act

    def acknowledge(self, act: Act) -> None:
        """Record that the portal answered that the act is done."""
        with self.lock:
            act["acknowledged"] = True
            self._write({"number": act["number"], "acknowledged": True})

    def mark_unanswered(self, act: Act) -> None:
        """Count an attempt without an answer: the act may be done or not."""
        with self.lock:
            act["unanswered"] += 1

    def snapshot(self) -> list[Act]:
        """Return a copy of all acts so far."""
        with self.lock:
            return [dict(act) for act in self.acts]

    def _write(self, line: Act) -> None:
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())


def counted(acts: list[Act]) -> str:
    """Describe how many acts were acknowledged, and how many of them are messages."""
    counts = Counter(act["kind"] for act in acts if act["acknowledged"])
    files = sum(len(act["files"]) for act in acts if act["acknowledged"] and act["kind"] == "send")
    messages = (
        f"{counts['send']:,} messages with {files:,} attachments, "
        f"{counts['refused']:,} messages refused"
    )
    return (
        f"{counts.total():,} acts acknowledged ({messages}, {counts['upload']:,} uploads in parts)"
    )


def differences(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    """Return the differences between the portal and the diary, as sentences.

    These are acts that are lost, doubled, half done or changed, and those that nobody asked for.
    """
    faults = [f"the database: {fault}" for fault in facts["database"]]
    faults += _publications([act for act in acts if act["kind"] == "publish"], facts)
    faults += _messages(acts, facts)
    faults += _uploads([act for act in acts if act["kind"] == "upload"], facts)
    faults += _dossiers(acts, facts)
    faults += _steps([act for act in acts if act["kind"] == "step"], facts)
    return faults + _preferences([act for act in acts if act["kind"] == "preference"], facts)


def _publications(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    there = {each["title"]: each for each in facts["publications"]}
    times = Counter(each["title"] for each in facts["publications"])
    faults = []
    for act in acts:
        each, name = there.get(act["title"]), f"publication {act['title']}"
        if each is None:
            faults += [f"{name}: lost"] if act["acknowledged"] else []
            continue
        if times[act["title"]] != 1:
            faults.append(f"{name}: present {times[act['title']]} times")
        if not each["sha256"] == each["stored_sha256"] == act["sha256"]:
            faults.append(f"{name}: other bytes ({each['stored_sha256']})")
        if (each["dossier"], each["parties"], each["events"], each["notices"]) != (
            act["dossier"],
            1,
            1,
            1,
        ):
            faults.append(f"{name}: not whole: {each}")
    return faults


def _messages(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    """Compare the messages: each is there once and whole, and refused ones are absent."""
    there = {each["subject"]: each for each in facts["messages"]}
    times = Counter(each["subject"] for each in facts["messages"])
    refused = [act["subject"] for act in acts if act["kind"] == "refused"]
    faults = [f"message {subject}: refused, and present" for subject in refused if times[subject]]
    for act in acts:
        if act["kind"] != "send":
            continue
        each, name = there.get(act["subject"]), f"message {act['subject']}"
        if each is None:
            faults += [f"{name}: lost"] if act["acknowledged"] else []
        elif times[act["subject"]] != 1:
            faults.append(f"{name}: present {times[act['subject']]} times")
        elif each["events"] != 1 or any(each[fact] != act[fact] for fact in MESSAGE):
            faults.append(f"{name}: not whole: {each}")
    return faults


def _uploads(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    """Compare the uploads: a file is whole, or its acknowledged bytes are there."""
    files, under_way = facts["files"], facts["uploads"]
    faults = [
        f"file {pk}: other bytes ({each['stored_sha256']})"
        for pk, each in files.items()
        if each["stored_sha256"] != each["sha256"]
    ]
    for act in acts:
        each, name = files.get(act["upload"]), f"upload {act['upload']}"
        if each is None:
            there = under_way.get(act["upload"], -1 if act["upload"] else 0)
            if act["acknowledged"] or there < act["safe"]:
                faults.append(
                    f"{name}: lost, {act['safe']} bytes were acknowledged, {there} are present"
                )
        elif (each["sha256"], each["events"]) != (act["sha256"], 1):
            faults.append(f"{name}: not whole: {each}")
    return faults


def _dossiers(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    opened = {act["dossier_number"]: act for act in acts if act["kind"] == "open"}
    admitted = {act["dossier"]: act for act in acts if act["kind"] == "admit"}
    wanted: dict[str, list[Act]] = {}
    for act in acts:
        if act["kind"] == "status":
            wanted.setdefault(act["dossier"], []).append(act)
    there = {each["number"]: each for each in facts["dossiers"]}
    faults = [
        f"dossier {number}: lost"
        for number, act in opened.items()
        if act["acknowledged"] and number not in there
    ]
    for number, each in there.items():
        if number not in opened:
            continue  # one of the cast's
        if each["opened"] != 1:
            faults.append(f"dossier {number}: opened {each['opened']} times in the journal")
        admission = admitted.get(each["id"])
        least, most = int(bool(admission and admission["acknowledged"])), int(bool(admission))
        if not least <= each["parties"] <= most:
            faults.append(f"dossier {number}: {each['parties']} parties")
        changes = wanted.get(each["id"], [])
        orders = [[act["status"] for act in changes]]
        if changes and not changes[-1]["acknowledged"]:
            orders.append(orders[0][:-1])
        now = each["statuses"][-1] if each["statuses"] else opened[number]["status"]
        if each["statuses"] not in orders or each["status"] != now:
            faults.append(
                f"dossier {number}: its status went {each['statuses']}, requested was {orders[0]}, "
                f"it is {each['status']}"
            )
    return faults


def _steps(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    faults = []
    for step in {act["step"] for act in acts}:
        asked = [act for act in acts if act["step"] == step]
        possible = [asked] if asked[-1]["acknowledged"] else [asked, asked[:-1]]
        results = [
            [sum(act["done"] for act in each), sum(not act["done"] for act in each)]
            for each in possible
        ]
        each = facts["steps"].get(step)
        if (
            each is None
            or each["events"] not in results
            or each["done"] != (each["events"][0] > each["events"][1])
        ):
            faults.append(f"step {step}: {each}, requested was {results}")
    return faults


def _preferences(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    faults = []
    for email in {act["email"] for act in acts}:
        asked = [act for act in acts if act["email"] == email]
        possible = {
            act["messages"] for act in (asked[-1:] if asked[-1]["acknowledged"] else asked[-2:])
        }
        if len(asked) == 1 and not asked[0]["acknowledged"]:
            possible.add(True)  # as it was
        if facts["preferences"].get(email, True) not in possible:
            faults.append(
                f"the preference of {email}: {facts['preferences'].get(email)}, "
                f"requested was {possible}"
            )
    return faults
