"""Clients of the office, and the logins that act for them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models

from portaal.domain.external import External, external_once
from portaal.domain.identity.models import PersonName, User
from portaal.domain.journal.roles import Right
from portaal.domain.keys.models import Vault
from portaal.domain.visible import Visible

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class ClientQuerySet(models.QuerySet["Client"]):
    def visible_to(self, user: User) -> VisibleClients:
        """Return all clients for staff that manage them, and its own for a client's login."""
        if user.is_staff:
            clients = self if user.has_right(Right.MANAGE_CLIENTS) else self.none()
            return VisibleClients.among(clients)
        mine = Membership.objects.of(user)
        return VisibleClients.among(self.filter(memberships__in=mine))

    def matching(self, words: str) -> ClientQuerySet:
        """Return clients with every word in a name or in the e-mail address."""
        clients = self
        for word in words.split():
            clients = clients.filter(
                models.Q(surname__icontains=word)
                | models.Q(first_names__icontains=word)
                | models.Q(company_name__icontains=word)
                | models.Q(email__icontains=word)
            )
        return clients


class VisibleClients(ClientQuerySet, Visible["Client"]):
    """Clients that one reader may see."""


class Client(PersonName, External):
    """A person or a company that the office works for. Memberships give it logins."""

    class Kind(models.TextChoices):
        PERSON = "person"
        COMPANY = "company"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PERSON)
    company_name = models.CharField(max_length=120, blank=True)
    kvk = models.CharField(max_length=8, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    # Null for a client of before vaults, until the first correction.
    vault = models.OneToOneField(
        Vault, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ("surname", "company_name", "pk")
        constraints = [external_once("clients_external_once")]
        indexes = [models.Index(fields=["surname", "company_name", "id"], name="clients_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.company_name if self.kind == self.Kind.COMPANY else self.full_name

    @property
    def is_company(self) -> bool:
        return self.kind == self.Kind.COMPANY

    def own_vault(self) -> Vault:
        """Return the vault of this client, made now if there is none. Call it in a transaction."""
        if self.vault is None:
            self.refresh_from_db(fields=["vault"], from_queryset=Client.objects.select_for_update())
        if self.vault is None:
            self.vault = Vault.objects.make()
            self.save(update_fields=["vault"])
        return self.vault

    @property
    def was_invited(self) -> bool:
        return Invitation.objects.filter(membership__client=self).exists()

    if TYPE_CHECKING:
        memberships: RelatedManager[Membership]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, user: User) -> MembershipQuerySet:
        """Return the active memberships of an active login."""
        return self.filter(user=user, user__deactivated_at=None, ended_at=None)


class Membership(models.Model):
    """A link between a login and a client it acts for.

    A company has one main login and optionally extra logins. A couple may share one login.
    """

    class Kind(models.TextChoices):
        MAIN = "main"
        EXTRA = "extra"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="memberships")
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.MAIN)
    all_dossiers = models.BooleanField(default=True)
    may_write = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "client"], name="clients_one_membership")
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.client}"


class Invitation(models.Model):
    """An invitation of a login: the first e-mail (manual 1.1).

    It grants nothing. Only the link in the second e-mail lets a person set a password.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="invitations")
    invited_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.membership} invited"
