"""The form of a message, with labels from the manual. The verb checks the rules."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portaal.web.fields import Files, Line, Text


class MessageForm(forms.Form):
    subject = Line(label=_("Subject"), error_messages={"required": _("Enter a subject.")})
    body = Text(label=_("Message"), error_messages={"required": _("Enter your message.")})
    upload = Files(label=_("Attachments"), required=False)
