"""The quick pieces of a template say what Django's own say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.template import Context, Engine
from django.urls import NoReverseMatch
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from portaal.ui.loader import fold

KEY = UUID("9d1c7e5c-3f52-4d43-8c2a-6a2a4e2f7b01")


@dataclass
class Paper:
    title: str = "Akte <b>&</b> 'bijlage'"
    number: int = 1234567

    def shout(self) -> str:
        return self.title.upper()

    def __str__(self) -> str:
        return self.title


class Bold:
    def __str__(self) -> str:
        return mark_safe("<b>vet</b>")


@dataclass
class Shelf:
    paper: Paper


VALUES = {
    "paper": Paper(),
    "shelf": Shelf(Paper()),
    "row": {"paper": Paper(), "title": "<i>", "nothing": None, "items": "a key, no method"},
    "rows": [Paper("een"), Paper("twee")],
    "pair": ("een", "twee"),
    "word": "zo & zo",
    "safe": mark_safe("<hr>"),
    "bold": Bold(),
    "lazy": gettext_lazy("Dossiers"),
    "number": 1234567,
    "fraction": 1234.5,
    "money": Decimal("12.50"),
    "yes": True,
    "none": None,
    "moment": datetime(2026, 3, 29, 9, 41, tzinfo=UTC),
    "day": date(2026, 3, 29),
    "key": KEY,
    "slug": "documenten",
    "odd": "een/twee %s & drie",
    "face": "client",
    "call": lambda: "called <now>",
}

TEMPLATES = [
    *(
        "{{ paper.title }}",
        "{{ paper }}",
        "{{ paper.number }}",
        "{{ paper.shout }}",
        "{{ shelf.paper.title|upper }}",
    ),
    *(
        "{{ row.title }}",
        "{{ row.paper.title }}",
        "{{ row.nothing }}",
        "{{ row.items }}",
        "{{ row.keys }}",
        "{{ rows.1.title }}",
    ),
    *(
        "{{ pair.0 }}",
        "{{ pair.2 }}",
        "{{ pair.0.upper }}",
        "{{ pair.٠ }}",
        "{{ pair.count }}",
        "{{ word.upper }}",
        "{{ word.0 }}",
        "{{ missing }}",
        "{{ paper.missing }}",
    ),
    *(
        "{{ missing.title }}",
        "{{ row.missing|default:'niets' }}",
        "{{ safe }}",
        "{{ bold }}",
        "{{ lazy }}",
        "{{ call }}",
    ),
    *(
        "{{ number }}",
        "{{ fraction }}",
        "{{ money }}",
        "{{ yes }}",
        "{{ none }}",
        "{{ moment }}",
        "{{ day }}",
        "{{ key }}",
    ),
    *(
        "{{ 1.5 }}",
        "{{ 'zo & zo' }}",
        "{{ True }}",
        "{{ None }}",
        "{{ word|safe }}",
        "{{ word|cut:' ' }}",
        "{{ word|truncatechars:number }}",
    ),
    "{% autoescape off %}{{ word }}{{ number }}{{ paper.title }}{% endautoescape %}",
    "{% if paper.missing %}ja{% elif row.title == '<i>' and not none %}{{ row.title }}{% else %}nee{% endif %}",
    "{% for each in rows %}{{ forloop.counter }}{{ each.title }}{% empty %}leeg{% endfor %}",
    "{% for each in missing %}x{% empty %}leeg{% endfor %}",
    "{% with title=paper.title other=row.nothing %}{{ title }}{{ other }}{% endwith %}{{ title }}",
    "{% blocktranslate with number=number %}{{ number }} unread{% endblocktranslate %}",
    "{% blocktranslate with name=paper.title %}Welcome, {{ name }}{% endblocktranslate %}",
    "{% blocktranslate %}100 % of {{ word }} and {{ missing }}{% endblocktranslate %}",
    "{% blocktranslate count number=rows|length %}{{ number }} dossier{% plural %}{{ number }} dossiers{% endblocktranslate %}",
    "{% blocktranslate asvar told with number=number %}{{ number }} unread{% endblocktranslate %}{{ told }}",
    "{% url 'client:dossier' key %}{% url 'client:dossier_tab' key slug %}{% url 'client:home' %}{% url face|add:':session' %}",
    "{% url 'client:dossier_tab' pk=key tab=slug %}{% url 'client:home' as home %}{{ home }}",
    "{% url 'client:password_link' 'een-twee' %}",
    "{% translate 'Dossiers' %}{% language 'en' %}{% translate 'Dossiers' %}{{ day }}{% endlanguage %}{% translate 'Actions' %}",
    "{% for each in rows %}{% language 'en' %}{% translate 'Actions' %}{% endlanguage %}{% translate 'Actions' %}{% endfor %}",
]


def rendered(text: str, *, is_quick: bool) -> str:
    builtins = [
        "portaal.ui.templatetags.ui",
        "django.templatetags.i18n",
        "django.templatetags.static",
    ]
    template = Engine(builtins=builtins).from_string(text)
    if is_quick:
        fold(template.nodelist)
    with translation.override("nl"):
        dutch = template.render(Context(dict(VALUES)))
    with translation.override("en"):
        return f"{dutch}\n{template.render(Context(dict(VALUES)))}\n{template.render(Context(dict(VALUES)))}"


@pytest.mark.parametrize("text", TEMPLATES)
def test_it_says_the_same(text: str):
    assert rendered(text, is_quick=True) == rendered(text, is_quick=False)


@pytest.mark.parametrize("odd", ["een/twee", "", "%s", "é", "&"])
def test_an_address_of_something_odd_is_djangos(odd: str):
    text = f'{{% url "client:password_link" "{odd}" %}}'
    try:
        wanted = rendered(text, is_quick=False)
    except NoReverseMatch:
        with pytest.raises(NoReverseMatch):
            rendered(text, is_quick=True)
    else:
        assert rendered(text, is_quick=True) == wanted


def test_a_page_that_does_not_exist_is_said():
    with pytest.raises(NoReverseMatch):
        rendered("{% url 'client:nowhere' key %}", is_quick=True)


def test_what_fails_within_a_value_is_not_hidden():
    class Broken:
        @property
        def title(self) -> str:
            raise AttributeError("inside")

    template = Engine().from_string("{{ broken.title }}")
    fold(template.nodelist)
    with pytest.raises(AttributeError, match="inside"):
        template.render(Context({"broken": Broken()}))
