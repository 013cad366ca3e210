"""What a verb refused, said in the form that asked for it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError


def add_faults(form: forms.Form, fault: ValidationError) -> None:
    """Puts what a verb refused at the fields of the form, or above them where it has no such field."""
    if not hasattr(fault, "error_dict"):
        form.add_error(None, fault)
        return
    for name, errors in fault.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
