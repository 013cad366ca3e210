"""Dossiers, the parties in them, and how far they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portaal.domain.accounts.models import Client, Membership, User
from portaal.domain.keys.models import Vault
from portaal.domain.office.models import DossierType, Labelled, Status

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


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: User) -> DossierQuerySet:
        """Return the dossiers that a user can see; all other visibility is derived from this.

        Handlers see their own and all that are not confidential. Managers see none, as they look
        after clients and logins. A client's login sees those in which a party gives it access.
        """
        if user.role == User.Role.HANDLER:
            return self.filter(Q(confidential=False) | Q(handler=user))
        if user.is_staff:
            return self.none()
        return self.filter(pk__in=Party.objects.open_to(user).values("dossier"))

    def in_progress(self) -> DossierQuerySet:
        return self.filter(status__group=Status.Group.IN_PROGRESS)

    def matching(self, text: str) -> DossierQuerySet:
        """Search "Omschrijving" and "Dossiernummer" (manual 2.1); every word must match."""
        dossiers = self
        for word in text.split():
            dossiers = dossiers.filter(Q(description__icontains=word) | Q(number__icontains=word))
        return dossiers

    def with_progress(self) -> DossierQuerySet:
        """Add `steps_done` and `steps_total`."""
        steps = Step.objects.filter(dossier=OuterRef("pk")).order_by().values("dossier")
        return self.annotate(
            steps_done=models.Subquery(steps.annotate(n=Count("done_at")).values("n")),
            steps_total=models.Subquery(steps.annotate(n=Count("pk")).values("n")),
        )


class Dossier(models.Model):
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
        indexes = [
            models.Index(fields=["-opened_at", "id"], name="dossiers_order"),
            models.Index(fields=["status", "-opened_at"], name="dossiers_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.description}"

    @property
    def progress(self) -> Progress:
        """Return the progress, from `with_progress` where the query has it, else counted here."""
        counts: Any = self
        if not hasattr(self, "steps_total"):
            counts = Dossier.objects.with_progress().get(pk=self.pk)
        return Progress(counts.steps_done or 0, counts.steps_total or 0)

    if TYPE_CHECKING:
        parties: RelatedManager[Party]
        steps: RelatedManager[Step]


class PartyQuerySet(models.QuerySet["Party"]):
    def active(self) -> PartyQuerySet:
        return self.filter(removed_at=None)

    def informed(self) -> PartyQuerySet:
        """Return the parties with a login that gets e-mail about them, one row for each login.

        The login has set its password, is not blocked, and sees the dossier through a membership
        that has not ended. Its own preferences apart, this alone decides about notification mail.
        """
        return self.filter(
            _membership_reaches(),
            ~Q(access=Party.Access.NONE),
            client__memberships__user__password_set_at__isnull=False,
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

    def open_to(self, user: User) -> PartyQuerySet:
        """Return the parties that give a client's login access to a dossier.

        These are the active parties of its clients, with any access, limited to the granted ones
        for a membership without `all_dossiers`.
        """
        return self.filter(looks_in(user))

    def conversing(self, user: User) -> PartyQuerySet:
        """Return the parties of `open_to` with access to more than documents: messages too."""
        return self.filter(converses(user))

    def reached_by_messages(self) -> PartyQuerySet:
        """Return the parties that the office can send messages to."""
        return self.active().filter(access__in=(Party.Access.FULL, Party.Access.READER))

    def writing(self, user: User) -> PartyQuerySet:
        """Return the parties with full access that a client's login may write for.

        Its membership must have `may_write`.
        """
        # One filter() for all conditions on the membership, as each filter() joins it anew.
        return self.filter(
            _reached_by(user), access=Party.Access.FULL, client__memberships__may_write=True
        )


def looks_in(user: User, party: str = "") -> Q:
    """Return the condition of `open_to`; `party` is a lookup prefix such as "party__"."""
    return _reached_by(user, party) & ~Q(**{f"{party}access": Party.Access.NONE})


def converses(user: User, party: str = "") -> Q:
    """Return the condition of `conversing`; `party` as in `looks_in`."""
    return looks_in(user, party) & Q(
        **{f"{party}access__in": (Party.Access.FULL, Party.Access.READER)}
    )


def _reached_by(user: User, party: str = "") -> Q:
    return _membership_reaches(party) & Q(**{f"{party}client__memberships__user": user})


def _membership_reaches(party: str = "") -> Q:
    membership = f"{party}client__memberships"
    granted = Exists(
        Grant.objects.filter(membership=OuterRef(membership), party=OuterRef(f"{party}pk"))
    )
    active = {"user__deactivated_at": None, "ended_at": None}
    return Q(
        Q(**{f"{membership}__all_dossiers": True}) | Q(granted), **{f"{party}removed_at": None}
    ) & Q(**{f"{membership}__{field}": value for field, value in active.items()})


def may_be_new(party: str) -> Q:
    """Return the condition that a row with `seen_by_all_at` may still be unread by a login.

    Skips the per-login lookup for rows everyone has seen (nearly all of them); logins added later
    still check. Use it in one filter() with `looks_in`, so that both mean the same membership.
    """
    return Q(seen_by_all_at=None) | Q(seen_by_all_at__lt=F(f"{party}client__memberships__made_at"))


def seen_by_all(party: str, seen: models.QuerySet[Any]) -> Q:
    """Return the condition for unmarked rows that every login of the party has opened.

    These are all logins of its client, including those with an ended membership. `seen` are the
    readings, correlated to the membership's user (`OuterRef("user")`) and, two levels up, to the
    row (`OuterRef(OuterRef(…))`).
    """
    has_not_seen = Membership.objects.filter(~Exists(seen), client=OuterRef(f"{party}client"))
    return Q(~Exists(has_not_seen), seen_by_all_at=None)


def before_now() -> datetime:
    """Return one hour ago, the value for `seen_by_all_at`.

    A membership that a concurrent transaction is creating is not visible yet. The margin makes it
    count as newer than the mark, so that its login still checks.
    """
    return timezone.now() - timedelta(hours=1)


class Party(models.Model):
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

    class Access(models.TextChoices):
        NONE = "none", _("No access")
        DOCUMENTS = "documents", _("Documents only")
        FULL = "full", _("Full access")
        READER = "reader", _("Reads along")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="parties")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=Role)
    access = models.CharField(max_length=9, choices=Access, default=Access.FULL)
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
            )
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
    def counted(self) -> models.QuerySet[Step, tuple[UUID, int, int]]:
        """Return (dossier id, number of finished steps, number of steps), by dossier with steps."""
        return self.order_by().values_list("dossier").annotate(Count("done_at"), Count("pk"))


class Step(Labelled):
    """A step of a dossier's progress list, shown to the client under "Voortgang"."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="steps")
    done_at = models.DateTimeField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta(Labelled.Meta):
        ordering = ("position", "pk")
        indexes = [models.Index(fields=["dossier", "position"], name="dossiers_steps")]
