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
    """How many steps are done of how many: '(4/10)', and '(0/0)' without a progress list (2.1.1.1)."""

    done: int
    total: int

    def __str__(self) -> str:
        return f"({self.done}/{self.total})"

    @classmethod
    def of(cls, steps: Collection[Step]) -> Progress:
        return cls(sum(step.done_at is not None for step in steps), len(steps))


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: User) -> DossierQuerySet:
        """The root of all seeing. Handlers: every dossier that is not confidential, and their own. Managers: none, they look
        after clients and logins. A client's login: where a party lets it in."""
        if user.role == User.Role.HANDLER:
            return self.filter(Q(confidential=False) | Q(handler=user))
        if user.is_staff:
            return self.none()
        return self.filter(pk__in=Party.objects.open_to(user).values("dossier"))

    def in_progress(self) -> DossierQuerySet:
        return self.filter(status__group=Status.Group.IN_PROGRESS)

    def matching(self, words: str) -> DossierQuerySet:
        """Search on 'Omschrijving' and 'Dossiernummer' (2.1); every word must be found."""
        found = self
        for word in words.split():
            found = found.filter(Q(description__icontains=word) | Q(number__icontains=word))
        return found

    def with_progress(self) -> DossierQuerySet:
        """Adds `steps_done` and `steps_total`."""
        steps = Step.objects.filter(dossier=OuterRef("pk")).order_by().values("dossier")
        return self.annotate(
            steps_done=models.Subquery(steps.annotate(n=Count("done_at")).values("n")),
            steps_total=models.Subquery(steps.annotate(n=Count("pk")).values("n")),
        )


class Dossier(models.Model):
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
        """From `with_progress` where the query has it, else counted."""
        counts: Any = self
        if not hasattr(self, "steps_total"):
            counts = Dossier.objects.with_progress().get(pk=self.pk)
        return Progress(counts.steps_done or 0, counts.steps_total or 0)

    if TYPE_CHECKING:
        parties: RelatedManager[Party]
        steps: RelatedManager[Step]


class PartyQuerySet(models.QuerySet["Party"]):
    def active(self) -> PartyQuerySet:
        return self.filter(released_at=None)

    def with_logged_in(self) -> PartyQuerySet:
        """Adds `logged_in`: whether a login of the party's client ever came in; before that none gets e-mails of news."""
        came_in = Membership.objects.filter(
            client=OuterRef("client"), ended_at=None, user__password_set_at__isnull=False
        )
        return self.annotate(logged_in=Exists(came_in))

    def open_to(self, user: User) -> PartyQuerySet:
        """The parties through which a client's login looks into a dossier: its client's, standing, with access, and granted
        where the login does not come for all dossiers."""
        return self.filter(looks_in(user))

    def conversing(self, user: User) -> PartyQuerySet:
        """The parties whose messages a client's login reads: where it looks in for more than documents."""
        return self.filter(converses(user))

    def reached_by_messages(self) -> PartyQuerySet:
        """The parties that the office can write to."""
        return self.active().filter(access__in=(Party.Access.FULL, Party.Access.READER))

    def writing(self, user: User) -> PartyQuerySet:
        """The parties for which a client's login may write: those it reaches with full access, where it may write at all."""
        return self.filter(
            _reached_by(user), access=Party.Access.FULL, client__memberships__may_write=True
        )


def looks_in(user: User, party: str = "") -> Q:
    """That a client's login looks in through a party (see `open_to`); `party` is the way to it: "party__"."""
    return _reached_by(user, party) & ~Q(**{f"{party}access": Party.Access.NONE})


def converses(user: User, party: str = "") -> Q:
    """That a client's login reads a party's messages (see `conversing`)."""
    return looks_in(user, party) & Q(
        **{f"{party}access__in": (Party.Access.FULL, Party.Access.READER)}
    )


def _reached_by(user: User, party: str = "") -> Q:
    membership = f"{party}client__memberships"
    granted = Exists(
        Grant.objects.filter(membership=OuterRef(membership), party=OuterRef(f"{party}pk"))
    )
    counts = {"user": user, "user__deactivated_at": None, "ended_at": None}
    return Q(
        Q(**{f"{membership}__all_dossiers": True}) | Q(granted), **{f"{party}released_at": None}
    ) & Q(**{f"{membership}__{name}": value for name, value in counts.items()})


def may_be_new(party: str) -> Q:
    """That something shown to a party (with `seen_by_all_at`) may be new to a login that looks in there (`looks_in` in the same
    filter). What all its logins have seen needs not be looked up for each of them, and that is nearly everything there is;
    only a login that came later still has to look."""
    return Q(seen_by_all_at=None) | Q(seen_by_all_at__lt=F(f"{party}client__memberships__made_at"))


def seen_by_all(party: str, seen: models.QuerySet[Any]) -> Q:
    """That every login of a party's client, also one that has ended, has seen something not yet known to be `seen`: asked of
    a membership (its `user`) within a row (OuterRef(OuterRef())) that is shown to the party."""
    behind = Membership.objects.filter(~Exists(seen), client=OuterRef(f"{party}client"))
    return Q(~Exists(behind), seen_by_all_at=None)


def before_now() -> datetime:
    """The moment for `seen_by_all_at`: what others are doing now, and cannot be seen yet, counts as later."""
    return timezone.now() - timedelta(hours=1)


class Party(models.Model):
    """A client in a dossier, with a role. Two partners are two parties; neither sees what the other delivers."""

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
    released_at = models.DateTimeField(null=True, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ("admitted_at", "pk")
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "client"],
                condition=Q(released_at=None),
                name="dossiers_party_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.client} in {self.dossier_id}"


class Grant(models.Model):
    """Which dossiers an extra login sees, where it does not come for all of them."""

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
        """(dossier, how many are done, how many there are) for each dossier that has steps."""
        return self.order_by().values_list("dossier").annotate(Count("done_at"), Count("pk"))


class Step(Labelled):
    """A step of a dossier's progress list; what the client reads under 'Voortgang'."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="steps")
    done_at = models.DateTimeField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta(Labelled.Meta):
        ordering = ("position", "pk")
        indexes = [models.Index(fields=["dossier", "position"], name="dossiers_steps")]
