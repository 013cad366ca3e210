"""Reports of violations of the content security policy, reduced for the log."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

FACTS = ("effective-directive", "violated-directive", "blocked-uri", "document-uri")
SOURCES = ("default", "script", "style", "img", "font", "connect", "media", "frame", "worker")
DIRECTIVES = {
    *(f"{kind}-src{part}" for kind in SOURCES for part in ("", "-elem", "-attr")),
    *("manifest-src", "object-src", "form-action", "base-uri", "frame-ancestors"),
}
KEYWORDS = ("inline", "eval", "wasm-eval", "data", "blob", "self")


def summary_of(body: bytes) -> str:
    """Return what violated which directive on which page, in words of the portal only.

    Anybody can send a report, with any text in it, and its addresses can hold search words.
    """
    try:
        report = json.loads(body)["csp-report"]
        facts = {name: str(report.get(name, "")) for name in FACTS}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "unreadable report"
    directive = facts["effective-directive"] or facts["violated-directive"].partition(" ")[0]
    known = directive if directive in DIRECTIVES else "unknown"
    return f"{known} of {_source_of(facts['blocked-uri'])} on {_page_of(facts['document-uri'])}"


def _source_of(blocked: str) -> str:
    """Return a keyword for the blocked source, or if it was on this host or another one."""
    if blocked in KEYWORDS:
        return blocked
    try:
        is_ours = urlsplit(blocked).netloc == urlsplit(settings.BASE_URL).netloc
    except ValueError:
        is_ours = False
    return "this host" if is_ours else "another host"


def _page_of(address: str) -> str:
    """Return the name of the page's route, or "-"."""
    try:
        return resolve(urlsplit(address).path).view_name
    except (ValueError, Resolver404):
        return "-"
