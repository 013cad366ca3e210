"""What the office publishes, to whom, and who has opened it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from portaal.domain.accounts.models import User
from portaal.domain.dossiers.models import (
    Dossier,
    Party,
    before_now,
    looks_in,
    may_be_new,
    seen_by_all,
)
from portaal.domain.files.models import StoredFile

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: User) -> PublicationQuerySet:
        """Staff: those of the dossiers they see, withdrawn ones too. A client's login: those published to a party of its own."""
        if user.is_staff:
            return self.filter(dossier__in=Dossier.objects.visible_to(user))
        mine = Party.objects.open_to(user).filter(
            dossier=OuterRef("dossier"), publications__publication=OuterRef("pk")
        )
        return self.active().filter(Exists(mine))

    def new_to(self, user: User) -> PublicationQuerySet:
        """What a client's login sees and has not opened yet. Asked for from the side of its parties: `visible_to` would look
        at everything that it has opened too."""
        opened = Reading.objects.filter(publication=OuterRef("publication"), user=user)
        waiting = Recipient.objects.filter(
            looks_in(user, "party__"), may_be_new("party__"), ~Exists(opened)
        )
        return self.active().filter(pk__in=waiting.values("publication"))

    def active(self) -> PublicationQuerySet:
        return self.filter(withdrawn_at=None)

    def with_unread(self, user: User) -> PublicationQuerySet:
        """Adds `unread`: not yet opened by this login."""
        return self.annotate(
            unread=~Exists(Reading.objects.filter(publication=OuterRef("pk"), user=user))
        )


class Publication(models.Model):
    """A letter, an e-mail or another document that the office shows to one or more parties of a dossier."""

    class Tab(models.TextChoices):
        CORRESPONDENCE = "correspondence", _("Correspondence")
        DOCUMENTS = "documents", _("Documents")

        @property
        def slug(self) -> str:
            """Its word in an address."""
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
        """Notes of those that all logins of their party have opened that they have."""
        opened = Reading.objects.filter(
            publication=OuterRef(OuterRef("publication")), user=OuterRef("user")
        )
        self.filter(seen_by_all("party__", opened)).update(seen_by_all_at=before_now())


class Recipient(models.Model):
    """A party that a publication is shown to."""

    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, related_name="recipients"
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="publications", db_index=False
    )
    seen_by_all_at = models.DateTimeField(
        null=True, editable=False
    )  # see dossiers.models.may_be_new

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
    """That a login has opened a publication: per login, never per company (decision 7 of the manual's page)."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="readings", db_index=False
    )
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        # The login first: what it has opened lies together, among what all others have.
        constraints = [
            models.UniqueConstraint(fields=["user", "publication"], name="documents_one_reading")
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} read by {self.user_id}"
