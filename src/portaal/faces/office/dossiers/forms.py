"""Forms of a dossier, its parties and its appointment. The verbs check the rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portaal.domain.clients.models import Client
from portaal.domain.dossiers.models import Access, Dossier, Party
from portaal.domain.identity.models import User
from portaal.domain.journal.roles import Right
from portaal.domain.office.models import DossierType, Status
from portaal.web.fields import Line

from ..fields import offer


class DossierSearchForm(forms.Form):
    q = Line(label=_("Search"), max_length=100, required=False)
    status = forms.ModelChoiceField(
        Status.objects.all(), label=_("Status"), required=False, empty_label=_("All statuses")
    )
    mine = forms.BooleanField(label=_("Handler: me"), required=False)


class DossierForm(forms.Form):
    description = Line(
        label=_("Description"),
        max_length=150,
        error_messages={"required": _("Enter a description.")},
    )
    number = Line(
        label=_("Dossier number"),
        max_length=30,
        error_messages={"required": _("Enter the dossier number.")},
    )
    type = forms.ModelChoiceField(
        DossierType.objects.all(),
        label=_("Type"),
        empty_label=_("Choose a type."),
        error_messages={"required": _("Choose a type.")},
    )
    status = forms.ModelChoiceField(
        Status.objects.all(),
        label=_("Status"),
        empty_label=_("Choose a status."),
        error_messages={"required": _("Choose a status.")},
    )
    handler = forms.ModelChoiceField(
        User.objects.with_right(Right.HANDLE_DOSSIERS).order_by("surname"),
        label=_("Handler"),
        error_messages={"required": _("Choose a handler of this office.")},
    )
    confidential = forms.BooleanField(
        label=_("Confidential"), help_text=_("Only the handler sees this dossier."), required=False
    )


class StatusForm(forms.Form):
    status = forms.ModelChoiceField(Status.objects.all(), label=_("Status"))
    was = forms.ModelChoiceField(Status.objects.all(), required=False, widget=forms.HiddenInput)


class PartyForm(forms.Form):
    client = forms.ModelChoiceField(
        Client.objects.none(), label=_("Client"), error_messages={"required": _("Choose a client.")}
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("Choose a role.")), *Party.Role.choices],
        error_messages={"required": _("Choose a role.")},
    )
    access = forms.ChoiceField(label=_("Access"), choices=Access.choices, initial=Access.WRITE)
    invite = forms.BooleanField(
        label=_("Send the invitation"),
        help_text=_("Only to a client who has not been invited before."),
        required=False,
        initial=True,
    )

    def __init__(
        self, data: QueryDict | None, *, clients: QuerySet[Client], initial: dict[str, object]
    ) -> None:
        super().__init__(data, initial=initial)
        offer(self, "client", clients)

    def offer(self, clients: Iterable[Client]) -> None:
        """List these clients; each client of the office remains a valid choice."""
        field = self.fields["client"]
        assert isinstance(field, forms.ModelChoiceField)
        field.choices = [
            ("", _("Choose a client.")),
            *((client.pk, f"{client.name} ({client.email})") for client in clients),
        ]


INCOMPLETE = _("Enter the day and the time of the appointment, or leave both empty.")


class AppointmentForm(forms.Form):
    day = forms.DateField(
        label=_("Signing appointment"),
        required=False,
        # As browsers send it, and as people type it in browsers without date fields.
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": INCOMPLETE},
    )
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": INCOMPLETE},
    )

    @classmethod
    def of(cls, dossier: Dossier) -> AppointmentForm:
        """Return a form with the dossier's appointment."""
        at = timezone.localtime(dossier.appointment_at) if dossier.appointment_at else None
        return cls(initial={"day": at.date(), "time": at.time()} if at else {})

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        day, time = data.get("day"), data.get("time")
        if not self.errors and (day is None) != (time is None):
            self.add_error("day" if day is None else "time", INCOMPLETE)
        self.moment = (
            timezone.make_aware(datetime.combine(day, time))
            if day is not None and time is not None
            else None
        )
        return data
