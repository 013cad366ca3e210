"""Forms of the office. The verbs check the rules; their errors are shown at these fields."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portaal.domain.accounts.models import Client, User
from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Access, Dossier, Party, PartyQuerySet
from portaal.domain.files.kinds import PUBLISHED, accept
from portaal.domain.files.models import StoredFile
from portaal.domain.journal.roles import Right
from portaal.domain.messaging.models import CannedReply
from portaal.domain.office.models import DossierType, Status
from portaal.web.fields import Colour, Email, Files, Line, Phone, Text

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.utils.datastructures import MultiValueDict

    Choice = forms.ModelChoiceField[CannedReply]
    MultipleChoice = forms.ModelMultipleChoiceField[Party]
else:
    Choice, MultipleChoice = forms.ModelChoiceField, forms.ModelMultipleChoiceField

Row = TypeVar("Row", bound=Model)


class LoginForm(forms.Form):
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )


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
        _offer(self, "client", clients)

    def offer(self, clients: Iterable[Client]) -> None:
        """List these clients; each client of the office remains a valid choice."""
        field = self.fields["client"]
        assert isinstance(field, forms.ModelChoiceField)
        field.choices = [
            ("", _("Choose a client.")),
            *((client.pk, f"{client.name} ({client.email})") for client in clients),
        ]


class ClientForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind of account"),
        choices=[("person", _("Person")), ("company", _("Company"))],
        initial="person",
        widget=forms.RadioSelect,
    )
    company_name = Line(label=_("Name of the company"), max_length=120, required=False)
    kvk = forms.RegexField(
        r"^[0-9]{8}\Z",
        label=_("KVK number"),
        required=False,
        error_messages={"invalid": _("A KVK number has 8 digits.")},
    )
    salutation = forms.ChoiceField(
        label=_("Salutation"),
        choices=[("", _("none")), ("mevrouw", _("Ms")), ("heer", _("Mr"))],
        required=False,
    )
    first_names = Line(label=_("First names"), max_length=100, required=False)
    infix = Line(label=_("Infix"), max_length=20, required=False)
    surname = Line(
        label=_("Surname"), max_length=100, error_messages={"required": _("Enter the surname.")}
    )
    email = Email(
        label=_("E-mail address"),
        help_text=_("The client logs in with this address. Check it well."),
        required=False,
        max_length=254,
    )
    phone = Phone(label=_("Mobile number"), max_length=20, required=False)
    street = Line(label=_("Street and number"), max_length=100, required=False)
    postcode = Line(label=_("Postcode"), max_length=10, required=False)
    city = Line(label=_("City"), max_length=60, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    invite = forms.BooleanField(
        label=_("Send the invitation at once"), required=False, initial=True
    )


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


class PartiesWithRoleField(PartiesField):
    """Parties by name and role."""

    def name_of(self, party: Party) -> str:
        return f"{party.client.name} ({party.get_role_display()})"


class PublishForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF of at most 25 MB."),
        required=False,
        allow_empty_file=True,  # the domain rejects it, with an explanation
        widget=forms.FileInput(attrs={"accept": accept(PUBLISHED)}),
    )
    kept = forms.ModelChoiceField(
        StoredFile.objects.none(), required=False, widget=forms.HiddenInput
    )
    title = Line(
        label=_("Name for the client"),
        max_length=120,
        error_messages={"required": _("Enter a name for the client.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Publication.Kind.choices, initial=Publication.Kind.DOCUMENT
    )
    tab = forms.ChoiceField(
        label=_("Where will it stand?"),
        choices=Publication.Tab.choices,
        initial=Publication.Tab.DOCUMENTS,
        widget=forms.RadioSelect,
    )
    parties = PartiesField(
        Party.objects.none(),
        label=_("Who may see it?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose for whom you publish this.")},
    )

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None,
        *,
        dossier: Dossier,
        user: User,
        initial: dict[str, object],
    ) -> None:
        super().__init__(data, files, initial=initial)
        parties = Party.objects.filter(dossier=dossier).active().select_related("client")
        _offer(self, "parties", parties.with_informed())
        _offer(self, "kept", StoredFile.objects.unclaimed_by(user, dossier.vault_id))

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if not data.get("file") and not data.get("kept") and "file" not in self.errors:
            self.add_error("file", _("Choose a PDF."))
        return data


class ClientSearchForm(forms.Form):
    q = Line(label=_("Search"), max_length=100, required=False)


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


class CannedReplyField(Choice):
    """A canned reply to insert; None if it was deleted meanwhile."""

    def to_python(self, value: object) -> CannedReply | None:
        with suppress(ValidationError):
            return super().to_python(value)
        return None


class ReplyForm(forms.Form):
    subject = Line(label=_("Subject"), error_messages={"required": _("Enter a subject.")})
    body = Text(label=_("Message"), error_messages={"required": _("Enter your message.")})
    upload = Files(label=_("Attachments"), required=False)
    as_office = forms.BooleanField(
        label=_("In the name of the office"),
        help_text=_("The client sees the office's name instead of yours."),
        required=False,
    )
    standard = CannedReplyField(
        CannedReply.objects.none(),
        label=_("Standard reply"),
        required=False,
        empty_label="",
        widget=forms.Select(attrs={"class": "width-medium"}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        _offer(self, "standard", CannedReply.objects.visible_to(user))


class NewMessageForm(ReplyForm):
    field_order = ["parties"]  # as on the page

    parties = PartiesWithRoleField(
        Party.objects.none(),
        label=_("To whom?"),
        help_text=_("Each gets a message of their own and does not see who else got it."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose to whom you write.")},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        parties: PartyQuerySet,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, user=user, initial=initial)
        _offer(self, "parties", parties.with_informed())


class CannedReplyForm(forms.Form):
    name = Line(label=_("Name"), max_length=80, error_messages={"required": _("Enter a name.")})
    body = Text(label=_("Text"), error_messages={"required": _("Enter a text.")})
    own = forms.BooleanField(label=_("For me alone"), required=False)


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


def _offer(form: forms.Form, name: str, rows: QuerySet[Row]) -> None:
    """Set the rows that a model choice field offers."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
