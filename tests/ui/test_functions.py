"""Functions of templates: icons, addresses, query strings and the inputs of forms."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django import forms
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from portaal.ui import functions


def test_an_icon_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in functions.icon("download")


def test_an_unknown_icon_raises():
    with pytest.raises(KeyError):
        functions.icon("no-such-icon")


def test_a_form_that_came_back_keeps_its_submission_id():
    request = RequestFactory().post("/", {"submission": "6f1c"})
    assert (
        functions.submission_input({"request": request})
        == '<input type="hidden" name="submission" value="6f1c">'
    )


def test_a_new_form_has_a_submission_id_of_its_own():
    context = {"request": RequestFactory().get("/")}
    assert functions.submission_input(context) != functions.submission_input(context)


class OneOfEach(forms.Form):
    name = forms.CharField(help_text="Hint")
    agree = forms.BooleanField(help_text="Hint")


def test_an_input_points_to_its_hint_before_its_error():
    assert functions.described_by(OneOfEach({})["name"]) == "id_name_hint id_name_error"


def test_a_tick_box_points_to_its_hint_and_error():
    html = OneOfEach({})["agree"].as_field_group()
    assert 'aria-describedby="id_agree_hint id_agree_error"' in html
    assert 'id="id_agree_hint"' in html
    assert 'id="id_agree_error"' in html


@pytest.mark.parametrize(
    ("view", "arguments"),
    [
        ("offline", ()),
        ("client:dossier", (uuid4(),)),
        ("client:dossier", (str(uuid4()),)),
        ("client:dossier_tab", (uuid4(), "berichten")),
    ],
)
def test_an_address_is_that_of_django(view, arguments):
    assert functions.url(view, *arguments) == reverse(view, args=arguments)


def test_a_second_address_has_its_own_id():
    first, second = uuid4(), uuid4()
    functions.url("client:dossier", first)
    assert functions.url("client:dossier", second) == reverse("client:dossier", args=[second])


def test_an_unknown_address_raises():
    with pytest.raises(NoReverseMatch):
        functions.url("client:nowhere", uuid4())


def test_a_changed_query_keeps_the_other_values():
    assert functions.query(QueryDict("q=akte&page=1"), page=2) == "q=akte&page=2"
