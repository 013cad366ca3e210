"""A test client that looks at every page it fetches: what holds for all pages is tested on each, in any test."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client

# What a GET may write: that somebody read something, and the clocks of sessions and limits.
WRITTEN_BY_GET = {
    "documents_reading",
    "journal_event",
    "journal_head",
    "journal_securityevent",
    "accounts_session",
    "accounts_ratecounter",
}


class PageClient(Client):
    def request(self, **request: Any) -> HttpResponse:
        writes = Writes()
        with connection.execute_wrapper(writes):
            response = super().request(**request)
        if request["REQUEST_METHOD"] in ("GET", "HEAD"):
            assert writes.tables - WRITTEN_BY_GET == set(), (
                f"{request['PATH_INFO']} was only looked at"
            )
        if (
            response.headers.get("Content-Type", "").startswith("text/html")
            and not response.streaming
            and response.content
        ):
            assert faults(response.content.decode()) == [], request["PATH_INFO"]
        return response


class Writes:
    """The tables that statements wrote to."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        if found := re.match(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', sql, re.I):
            self.tables.add(found[1])
        return execute(sql, params, many, context)


def faults(html: str) -> list[str]:
    """What is wrong with a page, in words; an empty list for a page as it should be."""
    page = Page(html)
    found = []
    if page.count["h1"] != 1:
        found.append(f"{page.count['h1']} headings of the first level")
    if not page.title.strip():
        found.append("no title")
    if page.lang not in ("nl", "en"):
        found.append(f"lang is {page.lang!r}")
    found += [
        f"id {name} is there {times} times"
        for name, times in Counter(page.ids).items()
        if times > 1
    ]
    found += [
        f"{what} points to {name}, which is not there"
        for what, name in page.pointers
        if name not in page.ids
    ]
    found += [
        f"{tag} {name!r} has no label" for tag, name, ids in page.inputs if not ids & page.labelled
    ]
    found += page.nameless
    found += page.inline
    found += [f"left over: {rest}" for rest in re.findall(r"{{.*?}}|{%.*?%}|%\(\w+\)s", html)]
    return found


class Page(HTMLParser):
    """One reading of a page: notes what the checks above ask about."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.count: Counter[str] = Counter()
        self.title = self.lang = ""
        self.ids: list[str] = []
        self.pointers: list[tuple[str, str]] = []
        self.inputs: list[tuple[str, str, set[str]]] = []
        self.labelled: set[str] = set()
        self.nameless: list[str] = []
        self.inline: list[str] = []
        self._open: list[list[Any]] = []  # what must say something: [tag, where, has it spoken]
        self._labels = 0
        self._title = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        self.count[tag] += 1
        self._labels += tag == "label"
        self._title |= tag == "title" and self.count["svg"] == self.count["/svg"]
        if tag == "html":
            self.lang = facts.get("lang", "")
        if "id" in facts:
            self.ids.append(facts["id"])
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list"):
            self.pointers += [(name, target) for target in facts.get(name, "").split()]
        if tag == "a" and facts.get("href", "").startswith("#"):
            self.pointers.append(("a", facts["href"][1:]))
        if tag == "label" and "for" in facts:
            self.labelled.add(facts["for"])
        if tag in ("input", "select", "textarea") and facts.get("type") not in (
            "hidden",
            "submit",
            "button",
        ):
            own = {facts.get("id") or f"#{len(self.inputs)}"}
            if self._labels or facts.get("aria-label") or facts.get("aria-labelledby"):
                self.labelled |= own
            self.inputs.append((tag, facts.get("name", ""), own))
        if tag == "img" and "alt" not in facts:
            self.nameless.append(f"img {facts.get('src')!r} has no alt")
        named = bool(facts.get("aria-label") or facts.get("aria-labelledby"))
        if tag in ("a", "button", "summary", "legend", "h1", "h2", "h3", "option"):
            self._open.append([tag, facts.get("href") or facts.get("class") or "", named])
        self.inline += [
            f"{tag} has {name}=" for name in facts if name == "style" or name.startswith("on")
        ]
        if tag == "style" or (tag == "script" and "src" not in facts):
            self.inline.append(f"inline {tag}")

    def handle_endtag(self, tag: str) -> None:
        self.count[f"/{tag}"] += 1
        self._labels -= tag == "label"
        self._title &= tag != "title"
        if self._open and self._open[-1][0] == tag:
            kind, where, spoken = self._open.pop()
            if not spoken and kind != "option":
                self.nameless.append(f"{kind} {where!r} says nothing")

    def handle_data(self, data: str) -> None:
        if self._title:
            self.title += data
        if data.strip():
            for each in self._open:
                each[2] = True
