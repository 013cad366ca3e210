"""Templates as they stand, worked out once: what can only say one thing in a language is said once for that language.

A page is mostly words, icons and addresses that never change. After a template is read, each run of such pieces becomes one piece
that keeps its text by language; what depends on the page is worked out each time, by the shorter ways of quick.py.
"""

from __future__ import annotations

from typing import Any

from django.template import Context
from django.template.base import FilterExpression, Node, NodeList, Template, TextNode
from django.template.defaulttags import URLNode
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode

from .quick import Quick, language_of, quicken

CONSTANT_TAGS = {"icon"}


class Loader(cached.Loader):
    """Django's cached loader, that folds what it reads."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        known = self.get_template_cache.get(self.cache_key(template_name, skip))
        template: Template = super().get_template(template_name, skip)
        if known is not template:
            fold(template.nodelist)
        return template


class Fixed(Quick):
    """A run of pieces that say the same on every page in one language."""

    def __init__(self, pieces: list[Node]) -> None:
        self.pieces = pieces
        self.texts: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = language_of(context)
        text = self.texts.get(language)
        if text is None:
            text = self.texts[language] = "".join(
                piece.render_annotated(context) for piece in self.pieces
            )
        return text


def fold(nodes: NodeList) -> None:
    """Joins what is constant, here and in every part of it; what extends another template keeps its first node."""
    folded: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if _is_constant(node):
            run.append(node)
            continue
        for part in _parts(node):
            fold(part)
        folded += [*_joined(run), quicken(node)]
        run = []
    nodes[:] = folded + _joined(run)


def _joined(run: list[Node]) -> list[Node]:
    return run if all(isinstance(node, TextNode) for node in run) else [Fixed(run)]


def _parts(node: Node) -> list[NodeList]:
    found = [
        getattr(node, name)
        for name in node.child_nodelists
        if getattr(node, name, None) is not None
    ]
    if branches := getattr(node, "conditions_nodelists", None):
        return [nodes for _condition, nodes in branches]
    return [nodes for nodes in found if isinstance(nodes, NodeList)]


def _is_constant(node: Node) -> bool:
    if isinstance(node, TextNode):
        return True
    if isinstance(node, TranslateNode):
        return (
            not node.asvar and node.message_context is None and _is_literal(node.filter_expression)
        )
    if isinstance(node, StaticNode):
        return node.varname is None and _is_literal(node.path)
    if isinstance(node, URLNode):
        return not (node.asvar or node.args or node.kwargs) and _is_literal(node.view_name)
    if isinstance(node, SimpleNode):
        words = [*node.args, *node.kwargs.values()]
        return (
            node.func.__name__ in CONSTANT_TAGS
            and node.target_var is None
            and all(map(_is_literal, words))
        )
    return False


def _is_literal(expression: FilterExpression) -> bool:
    """A text in quotes, without a filter; Django keeps it as it stands, and a word to translate as a variable without lookups."""
    variable = expression.var
    return not expression.filters and (
        isinstance(variable, str) or getattr(variable, "lookups", True) is None
    )
