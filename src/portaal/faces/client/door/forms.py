"""Forms that ask for a link and set a password."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portaal.domain.identity.validators import PASSWORD_MAX
from portaal.web.fields import Email


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
