"""A test client that checks every page it fetches, so that each test checks its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client

# Tables that a GET may write to: readings with their event, sessions and rate counters.
WRITTEN_BY_GET = {
    "documents_reading",
    "journal_event",
    "journal_head",
    "journal_securityevent",
    "identity_session",
    "throttle_ratecounter",
}


class PageClient(Client):
    """Client that fails on an incorrect page, and on a GET that writes to other tables."""

    def request(self, **request: Any) -> HttpResponse:
        writes = Writes()
        with connection.execute_wrapper(writes):
            response = super().request(**request)
        if request["REQUEST_METHOD"] in ("GET", "HEAD"):
            assert writes.tables - WRITTEN_BY_GET == set(), (
                f"GET {request['PATH_INFO']} wrote to the database"
            )
        if (
            response.headers.get("Content-Type", "").startswith("text/html")
            and not response.streaming
            and response.content
        ):
            assert page_errors(response.content.decode()) == [], request["PATH_INFO"]
        return response


class Writes:
    """Execute wrapper that collects the tables of INSERT, UPDATE and DELETE statements."""

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
        if match := re.match(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', sql, re.I):
            self.tables.add(match[1])
        return execute(sql, params, many, context)


def page_errors(html: str) -> list[str]:
    """Describe each error of a page."""
    page = Page(html)
    errors = []
    if page.count["h1"] != 1:
        errors.append(f"{page.count['h1']} headings of the first level")
    if not page.title.strip():
        errors.append("no title")
    if page.lang not in ("nl", "en"):
        errors.append(f"lang is {page.lang!r}")
    errors += [
        f"id {id} is there {times} times" for id, times in Counter(page.ids).items() if times > 1
    ]
    errors += [
        f"{attribute} points to {id}, which is not there"
        for attribute, id in page.pointers
        if id not in page.ids
    ]
    errors += [
        f"{tag} {name!r} has no label" for tag, name, ids in page.inputs if not ids & page.labelled
    ]
    errors += page.nameless
    errors += page.inline
    errors += [f"left over: {tag}" for tag in re.findall(r"{{.*?}}|{%.*?%}|%\(\w+\)s", html)]
    return errors


class Page(HTMLParser):
    """Parser that collects the facts for `page_errors`."""

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
        self._open: list[list[Any]] = []  # elements that need a name: [tag, place, has a name]
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
            element, place, is_named = self._open.pop()
            if not is_named and element != "option":
                self.nameless.append(f"{element} {place!r} says nothing")

    def handle_data(self, data: str) -> None:
        if self._title:
            self.title += data
        if data.strip():
            for element in self._open:
                element[2] = True
