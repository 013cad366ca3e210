"""Dossiers, the parties in them, and how far they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from portaal.domain.clients.models import Client, Membership
from portaal.domain.external import External, external_once
from portaal.domain.identity.models import User
from portaal.domain.journal.roles import Right
from portaal.domain.keys.models import Vault
from portaal.domain.office.models import DossierType, Labelled, Status
from portaal.domain.visible import Visible

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


@dataclass(frozen=True)
class Progress:
    """Number of finished steps and of all steps: "(4/10)", or "(0/0)" without steps (2.1.1.1)."""

    done: int
    total: int

    def __str__(self) -> str:
        return f"({self.done}/{self.total})"

    @classmethod
    def of(cls, steps: Collection[Step]) -> Progress:
        return cls(sum(step.done_at is not None for step in steps), len(steps))


class Access(models.TextChoices):
    """The access of a party to its dossier, in order: each level includes those before it."""

    NONE = "none", _("No access")
    DOCUMENTS = "documents", _("Documents only")
    READ = "reader", _("Reads along")
    WRITE = "full", _("Full access")

    def and_above(self) -> list[Access]:
        """Return this level and every higher one."""
        levels = list(Access)
        return levels[levels.index(self) :]


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: User) -> VisibleDossiers:
        """Return the dossiers that a user can see; all other visibility is derived from this.

        Handlers and secretaries see those assigned to them and all that are not confidential;
        other staff see none. A client's login sees those in which a party gives it access.
        """
        if user.has_right(Right.WORK_IN_DOSSIERS):
            assigned = Assignment.objects.filter(dossier=OuterRef("pk"), user=user)
            return VisibleDossiers.among(self.filter(Q(confidential=False) | Exists(assigned)))
        if user.is_staff:
            return VisibleDossiers.among(self.none())
        mine = Party.objects.accessible_to(user, Access.DOCUMENTS)
        return VisibleDossiers.among(self.filter(pk__in=mine.values("dossier")))

    def in_progress(self) -> DossierQuerySet:
        return self.filter(status__group=Status.Group.IN_PROGRESS)

    def matching(self, text: str) -> DossierQuerySet:
        """Search "Omschrijving" and "Dossiernummer" (manual 2.1); every word must match."""
        dossiers = self
        for word in text.split():
            dossiers = dossiers.filter(Q(description__icontains=word) | Q(number__icontains=word))
        return dossiers

    def with_progress(self) -> Self:
        """Add `steps_done` and `steps_total`."""
        steps = Step.objects.filter(dossier=OuterRef("pk")).order_by().values("dossier")
        return self.annotate(
            steps_done=Subquery(steps.annotate(n=Count("done_at")).values("n")),
            steps_total=Subquery(steps.annotate(n=Count("pk")).values("n")),
        )


class VisibleDossiers(DossierQuerySet, Visible["Dossier"]):
    """Dossiers that one reader may see."""


class Dossier(External):
    """A case of the office, with its parties, progress and encryption vault."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.CharField(max_length=30, unique=True)
    description = models.CharField(max_length=150)
    type = models.ForeignKey(DossierType, on_delete=models.PROTECT, related_name="+")
    status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    vault = models.OneToOneField(Vault, on_delete=models.PROTECT, related_name="+")
    confidential = models.BooleanField(default=False)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    appointment_at = models.DateTimeField(null=True, blank=True)  # when the deed is signed

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_at", "pk")
        constraints = [external_once("dossiers_external_once")]
        indexes = [
            models.Index(fields=["-opened_at", "id"], name="dossiers_order"),
            models.Index(fields=["status", "-opened_at"], name="dossiers_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.description}"

    def is_assigned_to(self, user: User) -> bool:
        return self.handler_id == user.pk or self.assignments.filter(user=user).exists()

    @property
    def progress(self) -> Progress:
        """Return the progress, from `with_progress` where the query has it, else counted here."""
        counts: Any = self
        if not hasattr(self, "steps_total"):
            counts = Dossier.objects.with_progress().get(pk=self.pk)
        return Progress(counts.steps_done or 0, counts.steps_total or 0)

    if TYPE_CHECKING:
        assignments: RelatedManager[Assignment]
        parties: RelatedManager[Party]
        steps: RelatedManager[Step]


class Assignment(models.Model):
    """A member of staff assigned to a dossier; a confidential one is visible to them alone.

    The one of kind `handler` repeats `Dossier.handler`, which pages read without a join.
    """

    class Kind(models.TextChoices):
        HANDLER = "handler"
        DEPUTY = "deputy"
        SECRETARY = "secretary"

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "user"], name="dossiers_one_assignment"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(kind="handler"), name="dossiers_one_handler"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.kind} of {self.dossier_id}"


class PartyQuerySet(models.QuerySet["Party"]):
    def visible_to(self, user: User) -> VisibleParties:
        """Return the parties of dossiers that staff see, and the own parties of a client."""
        if user.is_staff:
            seen = Dossier.objects.visible_to(user)
            return VisibleParties.among(self.filter(dossier__in=seen))
        return VisibleParties.among(self.accessible_to(user, Access.DOCUMENTS))

    def active(self) -> PartyQuerySet:
        return self.filter(removed_at=None)

    def informed(self) -> PartyQuerySet:
        """Return the parties with a login that gets e-mail about them, one row for each login.

        The login has set its password, is not blocked, and sees the dossier through a membership
        that has not ended. Its own preferences apart, this alone decides about notification mail.
        """
        return self.with_access(Access.DOCUMENTS).filter(
            _membership_reaches(), client__memberships__user__password_set_at__isnull=False
        )

    def informed_logins(self) -> models.QuerySet[User]:
        """Return the logins that get e-mail about these parties; see `informed`."""
        return User.objects.filter(pk__in=self.informed().values("client__memberships__user"))

    def with_informed(self) -> PartyQuerySet:
        """Add `is_informed`, see `informed`, and `was_registered`: a login has set its password."""
        registered = Membership.objects.filter(
            client=OuterRef("client"), user__password_set_at__isnull=False
        )
        return self.annotate(
            is_informed=Exists(Party.objects.informed().filter(pk=OuterRef("pk"))),
            was_registered=Exists(registered),
        )

    def with_logins(self) -> PartyQuerySet:
        """Add a summary of the logins with an open membership of the client.

        These are `last_login`, `invited_at`, and `is_registered`: one has set its password.
        """
        logins = Membership.objects.filter(client=OuterRef("client"), ended_at=None)
        together = logins.order_by().values("client")
        last_login = together.annotate(at=Max("user__last_login_at")).values("at")
        invited_at = together.annotate(at=Max("invitations__invited_at")).values("at")
        return self.annotate(
            last_login=Subquery(last_login),
            invited_at=Subquery(invited_at),
            is_registered=Exists(logins.filter(user__password_set_at__isnull=False)),
        )

    def with_access(self, access: Access) -> PartyQuerySet:
        """Return the active parties that have at least this access."""
        return self.active().filter(access__in=access.and_above())

    def accessible_to(self, user: User, access: Access) -> PartyQuerySet:
        """Return the parties that give a client's login at least this access to their dossier.

        The visibility of everything in a dossier is derived from this. Access.WRITE also needs
        `may_write` of the membership.
        """
        writes = Q(client__memberships__may_write=True) if access == Access.WRITE else Q()
        membership = _membership_reaches() & Q(client__memberships__user=user) & writes
        return self.with_access(access).filter(membership)


def _membership_reaches() -> Q:
    """Return the condition that an open membership of a client reaches the dossier.

    A client has many memberships. Django joins them again for each filter(), and each join may
    find another membership. So all conditions on `client__memberships` go in one filter().
    """
    granted = Grant.objects.filter(membership=OuterRef("client__memberships"), party=OuterRef("pk"))
    return (
        Q(client__memberships__ended_at=None)
        & Q(client__memberships__user__deactivated_at=None)
        & (Q(client__memberships__all_dossiers=True) | Q(Exists(granted)))
    )


class VisibleParties(PartyQuerySet, Visible["Party"]):
    """Parties that one reader may see."""


class Party(External):
    """A client in a dossier, with a role.

    Two partners are two parties; neither sees the other's messages and files.
    """

    class Role(models.TextChoices):
        BUYER = "buyer", _("Buyer")
        SELLER = "seller", _("Seller")
        BORROWER = "borrower", _("Borrower")
        TESTATOR = "testator", _("Testator")
        PARTNER = "partner", _("Partner")
        HEIR = "heir", _("Heir")
        EXECUTOR = "executor", _("Executor")
        ATTORNEY = "attorney", _("Attorney")
        FOUNDER = "founder", _("Founder")
        DIRECTOR = "director", _("Director")
        SHAREHOLDER = "shareholder", _("Shareholder")
        ADVISER = "adviser", _("Adviser")
        OTHER = "other", _("Other party")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="parties")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=Role)
    access = models.CharField(max_length=9, choices=Access, default=Access.WRITE)
    admitted_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ("admitted_at", "pk")
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "client"],
                condition=Q(removed_at=None),
                name="dossiers_party_once",
            ),
            external_once("dossiers_party_external_once"),
        ]

    def __str__(self) -> str:
        return f"{self.client} in {self.dossier_id}"


class Grant(models.Model):
    """Access to one party for a membership without `all_dossiers`."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="grants")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="grants")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "party"], name="dossiers_one_grant")
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} sees {self.party_id}"


class StepQuerySet(models.QuerySet["Step"]):
    def visible_to(self, user: User) -> VisibleSteps:
        """Return the steps of the dossiers that a user can see."""
        seen = Dossier.objects.visible_to(user)
        return VisibleSteps.among(self.filter(dossier__in=seen))

    def counted(self) -> models.QuerySet[Step, tuple[UUID, int, int]]:
        """Return (dossier id, number of finished steps, number of steps), by dossier with steps."""
        return self.order_by().values_list("dossier").annotate(Count("done_at"), Count("pk"))


class VisibleSteps(StepQuerySet, Visible["Step"]):
    """Steps of the dossiers that one reader may see."""


class Step(Labelled):
    """A step of a dossier's progress list, shown to the client under "Voortgang"."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="steps")
    done_at = models.DateTimeField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta(Labelled.Meta):
        ordering = ("position", "pk")
        indexes = [models.Index(fields=["dossier", "position"], name="dossiers_steps")]
