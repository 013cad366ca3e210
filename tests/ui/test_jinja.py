"""The Jinja2 environment: escaping, undefined variables, and words of each language."""

from __future__ import annotations

import jinja2
import pytest
from django.template import engines
from django.utils.translation import override

from portaal.ui.jinja import Environment


def rendered(text: str, language: str = "nl", **context: object) -> str:
    with override(language):
        return str(engines["jinja2"].from_string(text).render(context))


def test_a_value_is_escaped():
    assert rendered("{{ name }}", name="<b>") == "&lt;b&gt;"


def test_a_value_in_a_sentence_is_escaped():
    html = rendered("{% trans name=name %}Remove {{ name }}{% endtrans %}", name="<b>")
    assert html == "Verwijder &lt;b&gt;"


def test_a_value_in_a_counted_sentence_is_escaped():
    text = (
        "{% trans number=2, name=name %}{{ name }} has 1 file"
        "{% pluralize %}{{ name }} has {{ number }} files{% endtrans %}"
    )
    assert rendered(text, name="<b>") == "&lt;b&gt; has 2 files"


def test_a_text_part_of_an_email_is_not_escaped():
    loader = jinja2.DictLoader({"mail.txt": "{{ name }} {{ _('Remove %(name)s', name=name) }}"})
    template = Environment("en", loader=loader).get_template("mail.txt")
    assert template.render(name="<b>") == "<b> Remove <b>"


def test_an_undefined_variable_raises():
    with pytest.raises(jinja2.UndefinedError):
        rendered("{{ nothing }}")


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "Verwijder akte.pdf Pagina’s"), ("en", "Remove akte.pdf Pages")]
)
def test_words_are_those_of_the_active_language(language, words):
    text = "{% trans name=name %}Remove {{ name }}{% endtrans %} {{ _('Pages') }}"
    assert rendered(text, language, name="akte.pdf") == words


def test_a_sentence_can_be_used_twice_with_other_values():
    text = "{% for name in 'ab' %}{% trans name=name %}Remove {{ name }}{% endtrans %};{% endfor %}"
    assert rendered(text, "en") == "Remove a;Remove b;"


def test_a_message_in_an_argument_is_not_escaped_twice():
    text = (
        "{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}{{ bold(_('<i>%% %(a)s</i>', a=a)) }}"
    )
    assert rendered(text, a="<") == "<b><i>% &lt;</i></b>"


def test_a_constant_call_costs_nothing_while_a_page_renders():
    code = Environment("nl").compile(
        "{{ _('Pages') }}{{ icon('check') }}{{ url('offline') }}", raw=True
    )
    assert "context.call" not in code
