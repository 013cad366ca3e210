"""Pieces of a template that say the same as Django's own in less time: a page has hundreds of them.

Each does what is common by the shortest way and leaves everything else to Django's, so that a template means what it always did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, time
from decimal import Decimal
from html import escape
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.template import Context
from django.template.base import (
    FilterExpression,
    Node,
    Variable,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import URLNode
from django.template.smartif import TokenBase
from django.templatetags.i18n import BlockTranslateNode, LanguageNode
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.translation import get_language, gettext, ngettext

LOCALIZED = (int, float, Decimal, date, time)  # written as the language has it
SLUG = re.compile(r"[-\w]+", re.ASCII)  # stands in an address as it is


def quicken(node: Node) -> Node:
    """What stands in the place of a node: itself, with its variables looked up quickly, or a piece below."""
    for expression in _expressions(list(vars(node).values())):
        if type(expression.var) is Variable and expression.var.lookups:
            expression.var = Lookup(expression.var.var)
    if type(node) is VariableNode:
        return Value(node.filter_expression)
    if type(node) is BlockTranslateNode and not (
        node.message_context or node.trimmed or node.asvar
    ):
        return Count(node) if node.plural else Phrase(node)
    if type(node) is URLNode and not (node.kwargs or node.asvar):
        return Address(node)
    if type(node) is LanguageNode:
        return Spoken(node)
    return node


def language_of(context: Context) -> str | None:
    """The language of a page, asked for once: Django asks its thread each time."""
    try:
        return context.language  # type: ignore[attr-defined, no-any-return]  # ours: a context takes what it is given
    except AttributeError:
        context.language = get_language()  # type: ignore[attr-defined]
        return context.language  # type: ignore[attr-defined, no-any-return]


class Lookup(Variable):
    """A variable such as `row.dossier.number` or `words.0`: keys of dicts, places and attributes are looked up at once."""

    __slots__ = ()

    def resolve(self, context: Any) -> Any:
        names = self.lookups
        try:
            value = context[names[0]]
            for name in names[1:]:
                kind = type(value)
                if kind is dict:
                    value = value[name]
                elif kind is tuple and name.isdecimal():
                    value = value[int(name)]
                elif hasattr(kind, "__getitem__"):  # it has ways of its own
                    return super().resolve(context)
                else:
                    value = getattr(value, name)
                if callable(value):
                    return super().resolve(context)
        except (AttributeError, KeyError, IndexError):
            return super().resolve(context)
        return super().resolve(context) if callable(value) else value


class Quick(Node):
    """A piece that writes no trace of its own where a page fails."""

    def render_annotated(self, context: Context) -> str:
        return self.render(context)


class Value(Quick):
    """`{{ dossier.number }}`"""

    child_nodelists = ()

    def __init__(self, expression: FilterExpression) -> None:
        self.expression = expression

    def render(self, context: Context) -> str:
        return shown(self.expression.resolve(context), context)


class Phrase(Quick):
    """`{% blocktranslate %}` of one sentence with values in it."""

    child_nodelists = ()

    def __init__(self, node: BlockTranslateNode) -> None:
        self.node = node
        self.message, self.names = node.render_token_list(node.singular)
        self.sentences: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = language_of(context)
        if language not in self.sentences:
            self.sentences[language] = gettext(self.message)
        return self.filled(self.sentences[language], self.names, context, {})

    def filled(
        self, sentence: str, names: Iterable[str], context: Context, told: dict[str, Any]
    ) -> str:
        told = {
            name: expression.resolve(context)
            for name, expression in self.node.extra_context.items()
        } | told
        try:
            return sentence % {
                name: shown(told[name] if name in told else context[name], context)
                for name in names
            }
        except (KeyError, ValueError):
            return self.node.render(context)


class Count(Phrase):
    """The same of one and of many: `{% blocktranslate count number=… %}`."""

    def __init__(self, node: BlockTranslateNode) -> None:
        super().__init__(node)
        self.many, names = node.render_token_list(node.plural)
        self.all_names = {*self.names, *names}

    def render(self, context: Context) -> str:
        number = self.node.counter.resolve(context)
        if type(number) is not int:
            return self.node.render(context)
        return self.filled(
            ngettext(self.message, self.many, number),
            self.all_names,
            context,
            {self.node.countervar: number},
        )


class Address(Quick):
    """`{% url "client:dossier" dossier.pk %}`: the same address for every UUID and every slug, but for what is given."""

    child_nodelists = ()

    def __init__(self, node: URLNode) -> None:
        self.node = node
        self.forms: dict[tuple[Any, ...], str] = {}  # by view and sorts: '/dossiers/%s/'

    def render(self, context: Context) -> str:
        view, given = (
            self.node.view_name.resolve(context),
            tuple(argument.resolve(context) for argument in self.node.args),
        )
        for each in given:
            if not (type(each) is UUID or (type(each) is str and SLUG.fullmatch(each))):
                return self.node.render(context)
        sorts = (view, *map(type, given))
        form = self.forms.get(sorts)
        if form is None:
            form = self.forms[sorts] = _form(view, sorts[1:])
        return form % given


class Spoken(Quick):
    """`{% language %}`: within it, `language_of` is asked anew."""

    child_nodelists = ("nodelist",)

    def __init__(self, node: LanguageNode) -> None:
        self.node, self.nodelist = node, node.nodelist

    def render(self, context: Context) -> str:
        around = vars(context).pop("language", None)
        try:
            return self.node.render(context)
        finally:
            vars(context).pop("language", None)
            if around:
                vars(context)["language"] = around


def shown(value: Any, context: Context) -> str:
    """A value as it stands on a page, escaped."""
    if context.autoescape:
        if type(value) is str:
            return escape(value)
        if type(value) is int and not settings.USE_THOUSAND_SEPARATOR:
            return str(value)
        if not isinstance(value, LOCALIZED):
            text = str(value)
            return escape(text) if type(text) is str else conditional_escape(text)
    return render_value_in_context(value, context)


def _form(view: str, sorts: tuple[type, ...]) -> str:
    stand_ins = [uuid4() if sort is UUID else uuid4().hex for sort in sorts]
    form = escape(reverse(view, args=stand_ins)).replace("%", "%%")
    for each in stand_ins:
        form = form.replace(str(each), "%s")
    return form


def _expressions(found: list[Any]) -> Iterator[FilterExpression]:
    """What a node works out: by itself, in a list, by name, or within a condition."""
    for each in found:
        if isinstance(each, FilterExpression):
            yield each
        elif isinstance(each, TokenBase):
            yield from _expressions([each.first, each.second, getattr(each, "value", None)])
        elif type(each) in (list, tuple):
            yield from _expressions(list(each))
        elif type(each) is dict:
            yield from _expressions(list(each.values()))
