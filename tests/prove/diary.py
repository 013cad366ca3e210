"""What a client wanted and what it was told: written down and flushed before and after each act, then held against the facts."""

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
    """Lines of JSON, each on the disk before the writer goes on. Many lanes may write at once."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("a", encoding="utf-8")
        self.acts: list[Act] = []
        self.lock = Lock()

    def intend(self, what: str, **facts: Any) -> Act:
        """Before the act: what is going to be asked. The act is returned, to be told of as `told`."""
        act = {"what": what, "told": False, "doubts": 0, **facts}
        with self.lock:
            act["number"] = len(self.acts)
            self.acts.append(act)
            self._write(act)
        return act

    def told(self, act: Act) -> None:
        """After the act: the portal said that it is done."""
        with self.lock:
            act["told"] = True
            self._write({"number": act["number"], "told": True})

    def doubt(self, act: Act) -> None:
        """No answer came: it may have been done or not."""
        with self.lock:
            act["doubts"] += 1

    def snapshot(self) -> list[Act]:
        """Everything so far, as it stands at this moment."""
        with self.lock:
            return [dict(act) for act in self.acts]

    def _write(self, line: Act) -> None:
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())


def counted(acts: list[Act]) -> str:
    """How many acts were acknowledged, and how many of them are about messages, in words."""
    told = Counter(act["what"] for act in acts if act["told"])
    files = sum(len(act["files"]) for act in acts if act["told"] and act["what"] == "send")
    messages = f"{told['send']:,} messages with {files:,} attachments, {told['refused']:,} messages refused"
    return f"{told.total():,} acts acknowledged ({messages}, {told['upload']:,} files by pieces)"


def differences(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    """Where the portal and the diary disagree, in words: lost, doubled, half, changed, or done though nobody asked."""
    found = [f"the database: {fault}" for fault in facts["database"]]
    found += _publications([act for act in acts if act["what"] == "publish"], facts)
    found += _messages(acts, facts)
    found += _uploads([act for act in acts if act["what"] == "upload"], facts)
    found += _dossiers(acts, facts)
    found += _steps([act for act in acts if act["what"] == "step"], facts)
    return found + _preferences([act for act in acts if act["what"] == "preference"], facts)


def _publications(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    there = {each["title"]: each for each in facts["publications"]}
    times = Counter(each["title"] for each in facts["publications"])
    found = []
    for act in acts:
        each, name = there.get(act["title"]), f"publication {act['title']}"
        if each is None:
            found += [f"{name}: lost"] if act["told"] else []
            continue
        if times[act["title"]] != 1:
            found.append(f"{name}: there {times[act['title']]} times")
        if not each["sha256"] == each["found"] == act["sha256"]:
            found.append(f"{name}: other bytes ({each['found']})")
        if (each["dossier"], each["parties"], each["events"], each["notices"]) != (
            act["dossier"],
            1,
            1,
            1,
        ):
            found.append(f"{name}: not whole: {each}")
    return found


def _messages(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    """A message is there once, with its text, its files, its event and who must be told; what was refused is not."""
    there = {each["subject"]: each for each in facts["messages"]}
    times = Counter(each["subject"] for each in facts["messages"])
    refused = [act["subject"] for act in acts if act["what"] == "refused"]
    found = [f"message {subject}: refused, and there" for subject in refused if times[subject]]
    for act in acts:
        if act["what"] != "send":
            continue
        each, name = there.get(act["subject"]), f"message {act['subject']}"
        if each is None:
            found += [f"{name}: lost"] if act["told"] else []
        elif times[act["subject"]] != 1:
            found.append(f"{name}: there {times[act['subject']]} times")
        elif each["events"] != 1 or any(each[fact] != act[fact] for fact in MESSAGE):
            found.append(f"{name}: not whole: {each}")
    return found


def _uploads(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    """A file is there whole, or not at all and then as far as was said."""
    files, under_way = facts["files"], facts["uploads"]
    found = [
        f"file {pk}: other bytes ({each['found']})"
        for pk, each in files.items()
        if each["found"] != each["sha256"]
    ]
    for act in acts:
        each, name = files.get(act["upload"]), f"upload {act['upload']}"
        if each is None:
            there = under_way.get(act["upload"], -1 if act["upload"] else 0)
            if act["told"] or there < act["safe"]:
                found.append(f"{name}: lost, {act['safe']} bytes were safe, {there} are there")
        elif (each["sha256"], each["events"]) != (act["sha256"], 1):
            found.append(f"{name}: not whole: {each}")
    return found


def _dossiers(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    opened = {act["number_given"]: act for act in acts if act["what"] == "open"}
    admitted = {act["dossier"]: act for act in acts if act["what"] == "admit"}
    wanted: dict[str, list[Act]] = {}
    for act in acts:
        if act["what"] == "status":
            wanted.setdefault(act["dossier"], []).append(act)
    there = {each["number"]: each for each in facts["dossiers"]}
    found = [
        f"dossier {number}: lost"
        for number, act in opened.items()
        if act["told"] and number not in there
    ]
    for number, each in there.items():
        if number not in opened:
            continue  # one of the cast's
        if each["opened"] != 1:
            found.append(f"dossier {number}: opened {each['opened']} times in the journal")
        admission = admitted.get(each["id"])
        least, most = int(bool(admission and admission["told"])), int(bool(admission))
        if not least <= each["parties"] <= most:
            found.append(f"dossier {number}: {each['parties']} parties")
        changes = wanted.get(each["id"], [])
        orders = [[act["status"] for act in changes]]
        if changes and not changes[-1]["told"]:
            orders.append(orders[0][:-1])
        now = each["statuses"][-1] if each["statuses"] else opened[number]["status"]
        if each["statuses"] not in orders or each["status"] != now:
            found.append(
                f"dossier {number}: its status went {each['statuses']}, asked was {orders[0]}, it is {each['status']}"
            )
    return found


def _steps(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    found = []
    for step in {act["step"] for act in acts}:
        asked = [act for act in acts if act["step"] == step]
        possible = [asked] if asked[-1]["told"] else [asked, asked[:-1]]
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
            found.append(f"step {step}: {each}, asked was {results}")
    return found


def _preferences(acts: list[Act], facts: dict[str, Any]) -> list[str]:
    found = []
    for email in {act["email"] for act in acts}:
        asked = [act for act in acts if act["email"] == email]
        possible = {act["messages"] for act in (asked[-1:] if asked[-1]["told"] else asked[-2:])}
        if len(asked) == 1 and not asked[0]["told"]:
            possible.add(True)  # as it was
        if facts["preferences"].get(email, True) not in possible:
            found.append(
                f"the preference of {email}: {facts['preferences'].get(email)}, asked was {possible}"
            )
    return found
