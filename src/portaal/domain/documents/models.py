"""Publications of the office, their recipients and their readings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from portaal.domain.dossiers.models import Access, Dossier, Party
from portaal.domain.files.models import StoredFile
from portaal.domain.identity.models import User
from portaal.domain.reading.models import ReadableQuerySet, Shown, ShownQuerySet
from portaal.domain.reading.models import Reading as AnyReading
from portaal.domain.visible import Visible

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Reading(AnyReading):
    """A login's first opening of a publication."""

    opened = models.ForeignKey("Publication", on_delete=models.CASCADE, related_name="readings")


class PublicationQuerySet(ReadableQuerySet["Publication"]):
    reading = Reading

    def visible_to(self, user: User) -> VisiblePublications:
        """Return the publications that a user can see.

        Staff see those of the dossiers visible to them, withdrawn ones too. A client's login sees
        those published to one of its parties.
        """
        if user.is_staff:
            seen = Dossier.objects.visible_to(user)
            return VisiblePublications.among(self.filter(dossier__in=seen))
        mine = Party.objects.accessible_to(user, Access.DOCUMENTS).filter(
            dossier=OuterRef("dossier"), publications__publication=OuterRef("pk")
        )
        return VisiblePublications.among(self.active().filter(Exists(mine)))

    def new_to(self, user: User) -> Self:
        """Return the publications that a client's login can see and has not opened.

        Starts from its parties' recipient rows, as `visible_to` would also scan all it has opened.
        """
        mine = Party.objects.accessible_to(user, Access.DOCUMENTS)
        new = Recipient.objects.filter(party__in=mine).new_to(user)
        return self.active().filter(pk__in=new.values("publication"))

    def active(self) -> Self:
        return self.filter(withdrawn_at=None)


class VisiblePublications(PublicationQuerySet, Visible["Publication"]):
    """Publications that one reader may see."""


class Publication(models.Model):
    """A letter, an e-mail or another document for one or more parties of a dossier."""

    class Tab(models.TextChoices):
        CORRESPONDENCE = "correspondence", _("Correspondence")
        DOCUMENTS = "documents", _("Documents")

        @property
        def slug(self) -> str:
            """Return the tab's word in a URL."""
            return {"correspondence": "correspondentie", "documents": "documenten"}[self]

    class Kind(models.TextChoices):
        LETTER = "letter", _("Letter")
        EMAIL = "email", _("E-mail message")
        DOCUMENT = "document", _("Document")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, related_name="publications", db_index=False
    )
    tab = models.CharField(max_length=14, choices=Tab)
    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=120)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "pk")
        indexes = [
            models.Index(fields=["dossier", "tab", "-published_at"], name="documents_of_tab")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def receivers(self) -> list[str]:
        """Return the names of the clients that it is for."""
        return [each.party.client.name for each in self.recipients.all()]

    if TYPE_CHECKING:
        recipients: RelatedManager[Recipient]
        readings: RelatedManager[Reading]


class RecipientQuerySet(ShownQuerySet["Recipient"]):
    reading, opened, client = Reading, "publication", "party__client"


class Recipient(Shown):
    """A party that can see a publication."""

    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, related_name="recipients"
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="publications", db_index=False
    )

    objects = RecipientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "publication"], name="documents_one_recipient")
        ]
        indexes = [
            models.Index(fields=["party", "seen_by_all_at", "publication"], name="documents_new")
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} to {self.party_id}"
