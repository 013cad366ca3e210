"""The form of a canned reply. The verb checks the rules."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portaal.web.fields import Line, Text


class CannedReplyForm(forms.Form):
    name = Line(label=_("Name"), max_length=80, error_messages={"required": _("Enter a name.")})
    body = Text(label=_("Text"), error_messages={"required": _("Enter a text.")})
    own = forms.BooleanField(label=_("For me alone"), required=False)
