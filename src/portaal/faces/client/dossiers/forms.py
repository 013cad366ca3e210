"""Search in the list of dossiers."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portaal.web.fields import Line


class SearchForm(forms.Form):
    """Search and filter of the list; invalid values are ignored."""

    q = Line(label=_("Search"), max_length=100, required=False)

    def __init__(self, data: QueryDict, statuses: Iterable[int]) -> None:
        super().__init__(data)
        choices = [(str(pk), str(pk)) for pk in statuses]
        self.fields["status"] = forms.MultipleChoiceField(required=False, choices=choices)
