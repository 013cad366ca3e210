"""Forms of the client's own choices."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Set language"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class NoticesForm(forms.Form):
    documents = forms.BooleanField(
        label=_("new documents have been made available"), required=False
    )
    questionnaires = forms.BooleanField(
        label=_("a questionnaire has been made available"), required=False
    )
    messages = forms.BooleanField(label=_("the handler has sent a message"), required=False)
