"""Forms of clients, with labels from the manual. The verbs check the rules."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portaal.domain.accounts.validators import PASSWORD_MAX
from portaal.web.fields import Email, Files, Line, Text


class LoginForm(forms.Form):
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )


class EmailForm(forms.Form):
    email = Email(
        label=_("E-mail address"),
        help_text=_("Use the e-mail address that we have for you."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": _("Enter your e-mail address."),
        },
    )


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password", "maxlength": PASSWORD_MAX}
        ),
        error_messages={"required": _("Enter a password.")},
    )


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


class SearchForm(forms.Form):
    """Search and filter of the list; invalid values are ignored."""

    q = Line(label=_("Search"), max_length=100, required=False)

    def __init__(self, data: QueryDict, statuses: Iterable[int]) -> None:
        super().__init__(data)
        choices = [(str(pk), str(pk)) for pk in statuses]
        self.fields["status"] = forms.MultipleChoiceField(required=False, choices=choices)


class MessageForm(forms.Form):
    subject = Line(label=_("Subject"), error_messages={"required": _("Enter a subject.")})
    body = Text(label=_("Message"), error_messages={"required": _("Enter your message.")})
    upload = Files(label=_("Attachments"), required=False)
