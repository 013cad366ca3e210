"""Forms of a client and of the list. The verbs check the rules."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portaal.web.fields import Email, Line, Phone


class ClientSearchForm(forms.Form):
    q = Line(label=_("Search"), max_length=100, required=False)


class ClientForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind of account"),
        choices=[("person", _("Person")), ("company", _("Company"))],
        initial="person",
        widget=forms.RadioSelect,
    )
    company_name = Line(label=_("Name of the company"), max_length=120, required=False)
    kvk = forms.RegexField(
        r"^[0-9]{8}\Z",
        label=_("KVK number"),
        required=False,
        error_messages={"invalid": _("A KVK number has 8 digits.")},
    )
    salutation = forms.ChoiceField(
        label=_("Salutation"),
        choices=[("", _("none")), ("mevrouw", _("Ms")), ("heer", _("Mr"))],
        required=False,
    )
    first_names = Line(label=_("First names"), max_length=100, required=False)
    infix = Line(label=_("Infix"), max_length=20, required=False)
    surname = Line(
        label=_("Surname"), max_length=100, error_messages={"required": _("Enter the surname.")}
    )
    email = Email(
        label=_("E-mail address"),
        help_text=_("The client logs in with this address. Check it well."),
        required=False,
        max_length=254,
    )
    phone = Phone(label=_("Mobile number"), max_length=20, required=False)
    street = Line(label=_("Street and number"), max_length=100, required=False)
    postcode = Line(label=_("Postcode"), max_length=10, required=False)
    city = Line(label=_("City"), max_length=60, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    invite = forms.BooleanField(
        label=_("Send the invitation at once"), required=False, initial=True
    )
