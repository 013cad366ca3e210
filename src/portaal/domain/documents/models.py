"""Publications of the office, their recipients and their readings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from portaal.domain.dossiers.models import (
    Access,
    Dossier,
    Party,
    before_now,
    may_be_new,
    seen_by_all,
)
from portaal.domain.files.models import StoredFile
from portaal.domain.identity.models import User
from portaal.domain.visible import Visible

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class PublicationQuerySet(models.QuerySet["Publication"]):
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

    def new_to(self, user: User) -> PublicationQuerySet:
        """Return the publications that a client's login can see and has not opened.

        Starts from its parties' recipient rows, as `visible_to` would also scan all it has opened.
        """
        opened = Reading.objects.filter(publication=OuterRef("publication"), user=user)
        mine = Party.objects.accessible_to(user, Access.DOCUMENTS)
        unopened = Recipient.objects.filter(may_be_new(user), ~Exists(opened), party__in=mine)
        return self.active().filter(pk__in=unopened.values("publication"))

    def active(self) -> PublicationQuerySet:
        return self.filter(withdrawn_at=None)

    def with_unread(self, user: User) -> Self:
        """Add `unread`: not yet opened by this login."""
        return self.annotate(
            unread=~Exists(Reading.objects.filter(publication=OuterRef("pk"), user=user))
        )


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

    if TYPE_CHECKING:
        recipients: RelatedManager[Recipient]
        readings: RelatedManager[Reading]


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def mark_seen_by_all(self) -> None:
        """Mark rows that every login of the party has opened."""
        opened = Reading.objects.filter(
            publication=OuterRef(OuterRef("publication")), user=OuterRef("user")
        )
        self.filter(seen_by_all(opened)).update(seen_by_all_at=before_now())


class Recipient(models.Model):
    """A party that can see a publication."""

    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, related_name="recipients"
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="publications", db_index=False
    )
    # Set once every login of the party has opened it; see dossiers.models.may_be_new.
    seen_by_all_at = models.DateTimeField(null=True, editable=False)

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


class Reading(models.Model):
    """A login's first opening of a publication: per login, never per company."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="readings", db_index=False
    )
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        # The login first, so that its readings are adjacent in the index.
        constraints = [
            models.UniqueConstraint(fields=["user", "publication"], name="documents_one_reading")
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} read by {self.user_id}"
