"""Templates: each is used, none carries script or style, every word in them can be translated."""

from __future__ import annotations

import ast
import re

from tests.house.source import is_mail, modules, place, templates, tree

# Words that are the same in every language.
SAME = {"Nederlands", "English", "pdf"}


def name(path) -> str:
    """As Django knows it: 'client/home.html'."""
    return str(path).rpartition("/templates/")[2]


def test_every_template_is_used():
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
    named = literals.union(*(re.findall(NAMED, path.read_text()) for path in templates()))
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


NAMED = re.compile(r"{%-?\s*(?:extends|include)\s+[\"']([^\"']+)")


def _before_the_first_value(text: ast.JoinedStr) -> str:
    return text.values[0].value if text.values and isinstance(text.values[0], ast.Constant) else ""


def test_every_template_that_is_named_exists():
    there = {name(path) for path in templates()}
    named = {
        (place(path), wanted)
        for path in templates()
        for wanted in re.findall(NAMED, path.read_text())
    }
    assert {(path, wanted) for path, wanted in named if wanted not in there} == set()


INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "a script without a file": re.compile(r"<script\b(?![^>]*\ssrc=)", re.I),
    "a script with words in it": re.compile(r"<script\b[^>]*>(?!\s*</script>)", re.I),
    "an address that runs": re.compile(r"javascript:", re.I),
}


def test_a_page_has_no_inline_style_or_script():
    """The content policy would refuse it; mails excepted, whose programs know no style sheets."""
    inline = [
        f"{place(path)} has {what}"
        for path in templates()
        if path.suffix == ".html"
        for what, pattern in INLINE.items()
        if pattern.search(path.read_text()) and not (is_mail(path) and "style" in what)
    ]
    assert inline == []


def test_every_word_can_be_translated():
    bare = [
        f"{place(path)}: {words}"
        for path in templates()
        for words in literal_words(path.read_text(), is_html=path.suffix == ".html")
    ]
    assert bare == []


TRANSLATED = re.compile(
    r"{%-?\s*blocktrans(?:late)?\b.*?{%-?\s*endblocktrans(?:late)?\s*-?%}", re.S
)
TAG = re.compile(
    r"{%-?\s*block bodyclass.*?endblock\s*-?%}|{#.*?#}|{%-?\s*comment.*?endcomment\s*-?%}|{%.*?%}|{{.*?}}",
    re.S,
)
SPOKEN = re.compile(
    r"\s(?:alt|title|placeholder|aria-label|aria-description|label)\s*=\s*([\"'])(.*?)\1", re.S
)
MARKUP = re.compile(r"<!--.*?-->|<style\b.*?</style>|<[^>]*>|&#?\w+;", re.S)


def literal_words(text: str, *, is_html: bool) -> list[str]:
    """What a reader would see in one language only, in text and in the attributes that are read aloud."""
    text = TAG.sub("\n", TRANSLATED.sub("\n", text))
    if is_html:
        spoken = [words for _, words in SPOKEN.findall(text)]
        text = "\n".join([MARKUP.sub("\n", text), *spoken])
    lines = (line.strip(" ,.:;()") for line in text.splitlines())
    return [line for line in lines if re.search(r"[A-Za-zÀ-ÿ]{2}", line) and line not in SAME]


def test_a_phone_number_never_breaks_over_two_lines():
    assert [
        name(path)
        for path in templates()
        if re.search(r"({{ ?|=)office\.phone\b", path.read_text())
    ] == []
