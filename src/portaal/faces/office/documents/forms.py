"""The form that publishes a document. The verb checks the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.files.kinds import PUBLISHED, accept
from portaal.domain.files.models import StoredFile
from portaal.domain.identity.models import User
from portaal.web.fields import Line

from ..fields import PartiesField, offer

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.utils.datastructures import MultiValueDict


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
        offer(self, "parties", parties.with_informed())
        offer(self, "kept", StoredFile.objects.unclaimed_by(user, dossier.vault_id))

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if not data.get("file") and not data.get("kept") and "file" not in self.errors:
            self.add_error("file", _("Choose a PDF."))
        return data
