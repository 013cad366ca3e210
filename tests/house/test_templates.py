"""Templates: each is used, none has inline code, every text in them can be translated."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest
from jinja2 import nodes
from jinja2.meta import find_referenced_templates
from tests.house.source import (
    is_mail,
    jinja,
    modules,
    place,
    syntax,
    templates,
    tree,
)

# Words that are equal in every language.
SAME = {"Nederlands", "English", "pdf"}


def name(path) -> str:
    """Return the name by which Django knows a template: 'client/home.html'."""
    return str(path).rpartition("/templates/")[2]


def named_in(path) -> set[str]:
    """Return the names of the templates that a template extends, includes or imports."""
    return {other for other in find_referenced_templates(syntax(path)) if other}


def test_each_template_is_used():
    literals, patterns = set(), set()
    for path in modules():
        face = (
            f"{place(path).split('/')[1]}/" if place(path).startswith("faces/") else ""
        )  # show(request, "home.html")
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literals |= {node.value, face + node.value}
            if isinstance(node, ast.JoinedStr):
                patterns.add(re.split("/(?!.*/)", _before_the_first_value(node))[0] + "/")
    named = literals.union(*(named_in(path) for path in templates()))
    unused = [
        name(path)
        for path in templates()
        if name(path) not in named
        # f"notifications/mail/{kind}.html": the word before '.' or '-' must be said somewhere
        and not (
            name(path).rpartition("/")[0] + "/" in patterns
            and re.split(r"[.-]", path.name)[0] in literals
        )
    ]
    assert unused == []


def _before_the_first_value(text: ast.JoinedStr) -> str:
    return text.values[0].value if text.values and isinstance(text.values[0], ast.Constant) else ""


def test_each_named_template_exists():
    existing = {name(path) for path in templates()}
    assert {
        (place(path), other) for path in templates() for other in named_in(path) - existing
    } == set()


INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "a script without a file": re.compile(r"<script\b(?![^>]*\ssrc=)", re.I),
    "a script with words in it": re.compile(r"<script\b[^>]*>(?!\s*</script>)", re.I),
    "an address that runs": re.compile(r"javascript:", re.I),
}


def test_page_has_no_inline_style_or_script():
    """The content policy would refuse it; mail programs know no style sheets."""
    inline = [
        f"{place(path)} has {what}"
        for path in templates()
        if path.suffix == ".html"
        for what, pattern in INLINE.items()
        if pattern.search(path.read_text()) and not (is_mail(path) and "style" in what)
    ]
    assert inline == []


def test_each_text_is_translatable():
    bare = [
        f"{place(path)}: {words}"
        for path in templates()
        if path.suffix != ".js"
        for words in literal_words(literal_text(syntax(path)), is_html=path.suffix == ".html")
    ]
    assert bare == []


def literal_text(node: nodes.Node) -> str:
    """Return the text of a template outside its messages; a line feed for each value."""
    if isinstance(node, nodes.TemplateData):
        return node.data
    if isinstance(node, nodes.Block) and node.name == "bodyclass":
        return ""
    if isinstance(node, nodes.Expr):
        return "\n"
    return "".join(literal_text(child) for child in node.iter_child_nodes())


# The gallery names classes, and its examples are of one language.
WORDS_IN_CODE_ALLOWED = re.compile(r"ui/gallery")


def test_no_argument_is_text_in_one_language():
    """Words that a macro or a variable is given are translated too: `button(_("Save"))`."""
    bare = [
        f"{place(path)}: {text.value}"
        for path in templates()
        if not WORDS_IN_CODE_ALLOWED.match(name(path))
        for text in _texts(syntax(path))
        if re.match("[A-Z][a-z]+( |$)", str(text.value)) and text.value not in SAME
    ]
    assert bare == []


MESSAGES = {"_", "gettext", "ngettext", "pgettext", "npgettext"}


def _texts(node: nodes.Node) -> list[nodes.Const]:
    """Return the texts in a template's expressions, messages excepted."""
    if isinstance(node, nodes.Const):
        return [node] if isinstance(node.value, str) else []
    if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in MESSAGES:
        return [text for each in node.kwargs for text in _texts(each)]
    return [text for child in node.iter_child_nodes() for text in _texts(child)]


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Save</p>", ["Save"]),
        ("<p>{{ _('Save') }} {% trans %}Go on{% endtrans %}</p>", []),
        ("{% if a %}<img alt='Logo'>{% endif %}", ["Logo"]),
        ("<b title='{{ _('Save') }}'>1</b>", []),
    ],
)
def test_literal_text_of_a_template_is_found(template, words):
    text = literal_text(jinja().parse(template))
    assert literal_words(text, is_html=True) == words


SPOKEN = re.compile(
    r"\s(?:alt|title|placeholder|aria-label|aria-description|label)\s*=\s*([\"'])(.*?)\1", re.S
)
MARKUP = re.compile(r"<!--.*?-->|<style\b.*?</style>|<[^>]*>|&#?\w+;", re.S)


def literal_words(text: str, *, is_html: bool) -> list[str]:
    """Return the words in one language: in the text and in attributes that are read aloud."""
    if is_html:
        spoken = [words for _, words in SPOKEN.findall(text)]
        text = "\n".join([MARKUP.sub("\n", text), *spoken])
    lines = (line.strip(" ,.:;()") for line in text.splitlines())
    return [line for line in lines if re.search(r"[A-Za-zÀ-ÿ]{2}", line) and line not in SAME]


def test_phone_number_never_wraps():
    assert [
        name(path)
        for path in templates()
        if re.search(r"({{ ?|[=(] ?)office\.phone\b", path.read_text())
    ] == []


# Methods of Django that templates use; `count` is also an attribute, of Paginator. Ours are read
# from the source.
DJANGO_METHODS = {"all", "exists", "first", "get_full_path", "has_next"} | {
    "has_other_pages",
    "has_previous",
    "items",
    "keys",
    "next_page_number",
    "non_field_errors",
    "previous_page_number",
    "tag",
    "values",
}


def test_method_is_called():
    """Jinja2 calls nothing by itself: `{% if page.has_next %}` would always be true."""
    uncalled = [
        place(path, each.lineno) + f" {each.attr}"
        for path in templates()
        for each in _uncalled(syntax(path))
        if each.attr in DJANGO_METHODS | _own_methods() or DISPLAY.fullmatch(each.attr)
    ]
    assert uncalled == []


DISPLAY = re.compile("get_\\w+_display")


def _uncalled(tree: nodes.Template) -> list[nodes.Getattr]:
    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    return [
        each
        for each in tree.find_all(nodes.Getattr)
        if id(each) not in called and getattr(each.node, "name", "") != "loop"
    ]


@cache
def _own_methods() -> set[str]:
    """Return the names that are methods wherever a class of ours defines them."""
    members = [
        member
        for path in modules()
        for each in ast.walk(tree(path))
        if isinstance(each, ast.ClassDef)
        for member in each.body
    ]
    methods = {
        each.name
        for each in members
        if isinstance(each, ast.FunctionDef) and not each.decorator_list
    }
    values = {
        each.name for each in members if isinstance(each, ast.FunctionDef) and each.decorator_list
    }
    for member in members:
        targets = (
            [member.target] if isinstance(member, ast.AnnAssign) else getattr(member, "targets", [])
        )
        values |= {target.id for target in targets if isinstance(target, ast.Name)}
    return methods - values
