"""Forms of the house style and of the office. The verbs check the rules."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portaal.web.fields import Colour, Email, Line, Phone


class HouseStyleForm(forms.Form):
    name = Line(
        label=_("Name of the office"),
        max_length=80,
        error_messages={"required": _("Enter the name of the office.")},
    )
    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("SVG or PNG, at least 80 points high. Without a logo we show the name alone."),
        required=False,
        allow_empty_file=True,  # the domain rejects it, with an explanation
        widget=forms.FileInput(attrs={"accept": "image/svg+xml,image/png,.svg,.png"}),
    )
    without_logo = forms.BooleanField(label=_("Without a logo"), required=False)
    brand = Colour(
        label=_("Main colour"),
        help_text=_("Buttons, links and the menu."),
        error_messages={"required": _("Enter a colour, such as #2B3A7D.")},
    )
    accent = Colour(
        label=_("Second colour"),
        help_text=_("The margin line and the mark “unread”. Left empty, it is the main colour."),
        required=False,
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        data["accent"] = data.get("accent") or data.get("brand", "")
        return data


class OfficeForm(forms.Form):
    street = Line(label=_("Street and number"), max_length=80, required=False)
    postcode = Line(label=_("Postcode"), max_length=10, required=False)
    city = Line(label=_("City"), max_length=60, required=False)
    phone = Phone(
        label=_("Phone number"),
        help_text=_("Clients see it on every page."),
        max_length=20,
        required=False,
    )
    email = Email(label=_("E-mail address"), required=False, max_length=254)
    web_address = Line(label=_("Web address"), max_length=80, required=False)
