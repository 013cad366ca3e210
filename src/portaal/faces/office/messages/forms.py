"""Forms of a new message and of a reply. The verb checks the rules."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portaal.domain.dossiers.models import Party, PartyQuerySet
from portaal.domain.identity.models import User
from portaal.domain.messaging.models import CannedReply
from portaal.web.fields import Files, Line, Text

from ..fields import PartiesField, offer

if TYPE_CHECKING:
    Choice = forms.ModelChoiceField[CannedReply]
else:
    Choice = forms.ModelChoiceField


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
        offer(self, "standard", CannedReply.objects.visible_to(user))


class PartiesWithRoleField(PartiesField):
    """Parties by name and role."""

    def name_of(self, party: Party) -> str:
        return f"{party.client.name} ({party.get_role_display()})"


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
        offer(self, "parties", parties.with_informed())
