"""Form fields of several page families."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portaal.domain.dossiers.models import Party

if TYPE_CHECKING:
    MultipleChoice = forms.ModelMultipleChoiceField[Party]
else:
    MultipleChoice = forms.ModelMultipleChoiceField

Row = TypeVar("Row", bound=Model)


class PartiesField(MultipleChoice):
    """Parties by name, marked if no login gets e-mail about them. Needs `with_informed`."""

    def label_from_instance(self, party: Party) -> str:
        name = self.name_of(party)
        if getattr(party, "is_informed", False):
            return name
        note = (
            _("gets no e-mail about this")
            if getattr(party, "was_registered", False)
            else _("not logged in yet: gets no e-mail about this")
        )
        return format_html("{} <small>{}</small>", name, note)

    def name_of(self, party: Party) -> str:
        return party.client.name


def offer(form: forms.Form, name: str, rows: QuerySet[Row]) -> None:
    """Set the rows that a model choice field offers."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
