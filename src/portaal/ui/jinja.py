"""Jinja2 for pages and e-mails, through Django's own backend.

Each language has its own environment. A template therefore compiles with its words, icons and
addresses as constants; only values that differ per page are worked out while it renders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import jinja2
from django.conf import settings
from django.template.backends.base import BaseEngine
from django.template.backends.jinja2 import Jinja2, Template
from django.urls import NoReverseMatch
from django.utils.translation import get_language, gettext, ngettext, npgettext, override, pgettext
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from . import filters, functions

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class Backend(BaseEngine):
    """Django's Jinja2 backend, once for each language of the portal."""

    app_dirname = "templates"

    def __init__(self, params: dict[str, Any]) -> None:
        params = params.copy()
        options = params.pop("OPTIONS", {})
        super().__init__(params)
        self.backends = {
            language: LanguageBackend({**params, "OPTIONS": {**options, "language": language}})
            for language, _name in settings.LANGUAGES
        }

    def get_template(self, template_name: str) -> Template:
        """Return the template in the active language."""
        return self._active.get_template(template_name)

    def from_string(self, template_code: str) -> Template:
        """Return a template made of this text, in the active language."""
        return self._active.from_string(template_code)

    @property
    def _active(self) -> Jinja2:
        return self.backends.get(get_language() or "") or self.backends[settings.LANGUAGE_CODE]


class LanguageBackend(Jinja2):
    """Django's Jinja2 backend with the environment of one language (OPTIONS: `language`)."""

    app_dirname = Backend.app_dirname

    def __init__(self, params: dict[str, Any]) -> None:
        options = {"environment": f"{__name__}.Environment", "undefined": jinja2.StrictUndefined}
        super().__init__({**params, "OPTIONS": {**options, **params["OPTIONS"]}})


class Environment(jinja2.Environment):
    """The templates of one language.

    Everything is escaped, except in templates named `.txt`: the text parts of e-mails. An undefined
    variable raises.
    """

    def __init__(self, language: str, **options: Any) -> None:
        options |= {"autoescape": is_escaped, "extensions": ["jinja2.ext.i18n"]}
        super().__init__(trim_blocks=True, lstrip_blocks=True, **options)
        self.language = language
        self.policies["ext.i18n.trimmed"] = True
        self.filters |= {**filters.FILTERS, "url_of": functions.url_of}
        self.globals |= {**functions.FUNCTIONS, "language_code": language}
        self.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
            gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
        )

    def compile(self, source: Any, name: str | None = None, *rest: Any, **more: Any) -> Any:
        """Compile a template, with the words of this language as constants."""
        with override(self.language):
            if isinstance(source, str):
                source = self.parse(source, name, rest[0] if rest else more.get("filename"))
            return super().compile(Constants().visit(source), name, *rest, **more)


def is_escaped(template: str | None) -> bool:
    """Return True unless the template is the text part of an e-mail."""
    return template is None or not template.endswith(".txt")


class Constants(NodeTransformer):
    """Replaces calls that always give the same in one language by their result."""

    def visit_Output(self, node: nodes.Output) -> nodes.Output:
        """Write a sentence with values in it as its pieces and the values between them."""
        parts = (self.visit(part) for part in node.nodes)
        node.nodes = [each for part in parts for each in (_pieces(part) or [part])]
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        self.generic_visit(node)
        name, arguments = _constant_call(node)
        if _is_url_of_one(node):
            return nodes.Filter(node.args[1], "url_of", [node.args[0]], [], None, None)
        if node.kwargs or not arguments:
            return node
        if name in functions.CONSTANT and (name != "url" or len(arguments) == 1):
            return _result(name, arguments) or node
        if name in MESSAGES:
            return nodes.MarkSafeIfAutoescape(nodes.Const(MESSAGES[name](*arguments) % {}))
        return node


def _result(name: str, arguments: list[Any]) -> nodes.Expr | None:
    """Return the result of a function, or None for an address that this mode does not have.

    A page may name such an address where it does not show it: the mailbox in production.
    """
    try:
        return nodes.MarkSafe(nodes.Const(str(functions.FUNCTIONS[name](*arguments))))
    except NoReverseMatch:
        return None


def _is_url_of_one(node: nodes.Call) -> bool:
    """Tell `url(view, argument)`: each row has one, and a filter is called in half the time."""
    return isinstance(node.node, nodes.Name) and node.node.name == "url" and len(node.args) == 2


MESSAGES: dict[str, Callable[..., str]] = {"_": gettext, "gettext": gettext, "pgettext": pgettext}


def _constant_call(node: nodes.Node) -> tuple[str, list[Any]]:
    """Return a call's function and positional arguments; nothing unless all are constant."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        arguments = [each.value for each in node.args if isinstance(each, nodes.Const)]
        if len(arguments) == len(node.args) and not (node.dyn_args or node.dyn_kwargs):
            return node.node.name, arguments
    return "", []


def _pieces(node: nodes.Node) -> list[nodes.Expr]:
    """Return a translated sentence as text and values in turn; empty for anything else."""
    name, arguments = _constant_call(node)
    if name not in MESSAGES or not arguments or not isinstance(node, nodes.Call):
        return []
    values = {each.key: each.value for each in node.kwargs}
    texts = PLACEHOLDER.split(MESSAGES[name](*arguments))
    if not set(texts[1::2]) <= set(values) or any("%" in _plain(each) for each in texts[::2]):
        return []
    return list(_in_turn(texts, values))


def _in_turn(texts: list[str], values: dict[str, nodes.Expr]) -> Iterator[nodes.Expr]:
    for place, text in enumerate(texts):
        if place % 2:
            yield values[text]
        elif text:
            yield nodes.TemplateData(text.replace("%%", "%"))


def _plain(text: str) -> str:
    return text.replace("%%", "")
